import { isJsonObject } from '../contract/json.ts';
import { classifyMessage, type RequestId } from '../contract/jsonRpc.ts';

/** What the relay has to know of a line; the line itself travels as it is. */
export interface ClientMessage {
  line: string;
  kind: 'initialize' | 'request' | 'other';
  /** The requests in it that want an answer; several where it is a batch (MCP 2025-03-26). */
  ids: readonly RequestId[];
  /** The requests that it cancels: no answer to them is owed any more. */
  cancels: readonly RequestId[];
}

/** @returns undefined where the line is no JSON-RPC message or batch of them */
export function readClientMessage(line: string): ClientMessage | undefined {
  const value = parseJson(line);
  const messages: unknown[] = Array.isArray(value) ? value : [value];
  const ids: RequestId[] = [];
  const cancels: RequestId[] = [];
  let initialize = false;
  for (const message of messages) {
    const kind = classifyMessage(message);
    if (kind === undefined || !isJsonObject(message)) return undefined;
    if (kind === 'request') ids.push(message.id as RequestId);
    if (message.method === 'initialize') initialize = true;
    const { params } = message;
    if (message.method === 'notifications/cancelled' && isJsonObject(params)) {
      const id = params.requestId;
      if (typeof id === 'string' || typeof id === 'number') cancels.push(id);
    }
  }
  if (messages.length === 0) return undefined;
  return {
    line,
    kind: initialize ? 'initialize' : ids.length > 0 ? 'request' : 'other',
    ids,
    cancels,
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
