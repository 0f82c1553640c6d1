import { isJsonObject } from '../../contract/json.ts';
import type { JsonRpcSuccess } from '../../contract/jsonRpc.ts';
import { keepJsonText } from '../jsonText.ts';

const idFirst = '{"jsonrpc":"2.0","id":';
const idLast = ',"jsonrpc":"2.0","id":';
const resultFirst = '{"result":';
const resultLast = ',"result":';
const maxDigits = 15;

/**
 * A line that is nothing but a successful reply to a number, in one of the two forms that servers
 * write. Only the result is parsed, and keeps its text: as it is valid JSON for itself, and all around
 * it is known to the letter, the line says just that and nothing else.
 * @returns undefined for any other line, valid or not
 */
export function plainReply(line: string): JsonRpcSuccess | undefined {
  if (line.includes('\r')) return undefined; // would end a line of an event stream
  if (line.startsWith(idFirst)) {
    const idEnd = line.indexOf(',', idFirst.length);
    if (!line.startsWith(resultLast, idEnd) || !line.endsWith('}')) return undefined;
    return reply(line.slice(idFirst.length, idEnd), line.slice(idEnd + resultLast.length, -1));
  }
  if (!line.startsWith(resultFirst) || !line.endsWith('}')) return undefined;
  const resultEnd = line.lastIndexOf(idLast);
  if (resultEnd === -1) return undefined;
  const id = line.slice(resultEnd + idLast.length, -1);
  return reply(id, line.slice(resultFirst.length, resultEnd));
}

function reply(id: string, resultText: string): JsonRpcSuccess | undefined {
  if (id.length > maxDigits || !/^(?:0|[1-9]\d*)$/.test(id)) return undefined;
  let result: unknown;
  try {
    result = JSON.parse(resultText);
  } catch {
    return undefined; // the whole line is looked at instead
  }
  if (!isJsonObject(result)) return undefined;
  keepJsonText(result, resultText);
  return { jsonrpc: '2.0', id: Number(id), result };
}
