import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { secretMask } from '../../contract/secretMask.ts';

/** A REST request that does a logged operation again. */
export interface RepeatRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: JsonObject;
}

/** Why a logged operation cannot be done again as it was. */
export type Obstacle = 'cut' | 'masked' | 'unsupported';

interface Logged {
  vmcp_id: string;
  method: string;
  target: string | null;
  arguments: JsonValue;
}

const lists = new Map([
  ['tools/list', 'tools'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resources'],
  ['prompts/list', 'prompts'],
]);

/** How a logged operation is done again, or what is in the way. */
export function repeatRequest(logged: Logged): RepeatRequest | Obstacle {
  const base = `/api/vmcps/${encodeURIComponent(logged.vmcp_id)}`;
  const list = lists.get(logged.method);
  if (list) return { method: 'GET', path: `${base}/${list}` };
  const { target } = logged;
  if (target === null) return 'unsupported';
  if (logged.method === 'resources/read') {
    return { method: 'POST', path: `${base}/resources/read`, body: { uri: target } };
  }
  if (logged.method !== 'tools/call' && logged.method !== 'prompts/get') return 'unsupported';
  const sent = logged.arguments ?? {};
  if (!isJsonObject(sent)) return 'unsupported';
  if (isCut(sent)) return 'cut';
  if (JSON.stringify(sent).includes(secretMask)) return 'masked';
  const body = { name: target, arguments: sent, substitute: false };
  return { method: 'POST', path: `${base}/${logged.method}`, body };
}

/** Of a value over 4 KiB the log keeps the beginning. */
function isCut(value: JsonObject): boolean {
  return value.truncated === true && typeof value.bytes === 'number' && 'preview' in value;
}
