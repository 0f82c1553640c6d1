import type { JsonObject } from '../../contract/json.ts';
import type { RequestId, RpcError } from '../../contract/jsonRpc.ts';

/** Serialised forms of results that are sent many times (pages of lists), as long as they live. */
const texts = new WeakMap<JsonObject, string>();

/** A response as JSON text. `lasting`: the same result object will be sent again. */
export function resultText(id: RequestId, result: JsonObject, lasting: boolean): string {
  let text = lasting ? texts.get(result) : undefined;
  if (text === undefined) {
    text = JSON.stringify(result);
    if (lasting) texts.set(result, text);
  }
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${text}}`;
}

/** An error response as JSON text; id null where the request's is not known. */
export function errorText(id: RequestId | null, error: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: error.toObject() });
}
