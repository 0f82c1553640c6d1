import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { plainText } from './plainText.ts';
import { InputReader, UnusableOption } from './readInput.ts';
import type { RecipePart, RegistryEntryOption } from './recipe.ts';

const transports = new Map([
  ['streamable-http', 'http'],
  ['http', 'http'],
  ['sse', 'sse'],
] as const);

/** A server that runs elsewhere; undefined where it cannot be used. */
export function readRemote(remote: JsonObject): RegistryEntryOption | undefined {
  try {
    const type = transports.get(String(remote.type) as 'http');
    if (!type || typeof remote.url !== 'string') return undefined;
    const reader = new InputReader();
    const asks = reader.variablesOf(remote.url, remote.variables);
    // With anything in place of its variables it must be an address of the web.
    const example = remote.url.replace(/\{[^{}]+\}/g, 'x');
    if (!/^https?:\/\//.test(example) || !URL.canParse(example)) return undefined;
    const headers = readHeaders(remote.headers, reader);
    return {
      option_id: '',
      title: `${type === 'sse' ? 'SSE' : 'HTTP'}: ${plainText(hostOf(remote.url), 100)}`,
      transport_type: type,
      summary: plainText(remote.url, 500),
      questions: reader.questions,
      recipe: { type, url: { value: remote.url, asks, optional: false }, headers },
    };
  } catch (error) {
    if (error instanceof UnusableOption) return undefined;
    throw error;
  }
}

/** With its variables, as it is written. */
function hostOf(url: string): string {
  return url.replace(/^https?:\/\//, '').split(/[/?#]/)[0] ?? url;
}

function readHeaders(headers: unknown, reader: InputReader): RecipePart[] {
  const list = Array.isArray(headers) ? headers.filter(isJsonObject) : [];
  return list.flatMap((header) => {
    const { name } = header;
    if (typeof name !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)) return [];
    return [reader.part(header, `header ${name}`, name, name)];
  });
}
