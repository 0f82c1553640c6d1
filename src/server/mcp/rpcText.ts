import type { JsonObject } from '../../contract/json.ts';
import type { RequestId, RpcError } from '../../contract/jsonRpc.ts';
import { jsonText, keepJsonText, keptJsonText } from '../jsonText.ts';

/** A response as JSON text. `lasting`: the same result object will be sent again (pages of lists). */
export function resultText(id: RequestId, result: JsonObject, lasting: boolean): string {
  if (lasting && keptJsonText(result) === undefined) keepJsonText(result, JSON.stringify(result));
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${jsonText(result)}}`;
}

/** An error response as JSON text; id null where the request's is not known. */
export function errorText(id: RequestId | null, error: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: error.toObject() });
}
