import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** The id of a request; its type is kept, and `0` is a value like any other. */
export type RequestId = string | number;

export interface JsonRpcRequest {
  jsonrpc: '2.0';
  id: RequestId;
  method: string;
  params?: JsonObject;
}

export interface JsonRpcNotification {
  jsonrpc: '2.0';
  method: string;
  params?: JsonObject;
}

export interface JsonRpcSuccess {
  jsonrpc: '2.0';
  id: RequestId;
  result: JsonObject;
}

export interface JsonRpcFailure {
  jsonrpc: '2.0';
  id: RequestId | null;
  error: JsonRpcErrorObject;
}

export interface JsonRpcErrorObject {
  code: number;
  message: string;
  data?: JsonValue;
}

export type JsonRpcResponse = JsonRpcSuccess | JsonRpcFailure;
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResponse;

/** Error codes of JSON-RPC 2.0 and of the MCP specification (2025-11-25). */
export const rpcCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  resourceNotFound: -32002,
  urlElicitationRequired: -32042,
} as const;

/** An error that travels as a JSON-RPC error object, to a client or from an upstream, as it is. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: number,
    message: string,
    readonly data?: JsonValue,
  ) {
    super(message);
  }

  /** The wire form. */
  toObject(): JsonRpcErrorObject {
    return {
      code: this.code,
      message: this.message,
      ...(this.data !== undefined && { data: this.data }),
    };
  }
}

/** What kind of message `value` is, or undefined where it is no JSON-RPC 2.0 message. */
export function classifyMessage(
  value: unknown,
): 'request' | 'notification' | 'response' | undefined {
  if (!isJsonObject(value) || value.jsonrpc !== '2.0') return undefined;
  const hasId = typeof value.id === 'string' || typeof value.id === 'number';
  if (typeof value.method === 'string') {
    if (value.params !== undefined && !isJsonObject(value.params)) return undefined;
    if (hasId) return 'request';
    return 'id' in value ? undefined : 'notification';
  }
  if (isJsonObject(value.result) && hasId) return 'response';
  if (isJsonObject(value.error) && (hasId || value.id === null || !('id' in value))) {
    return typeof value.error.code === 'number' && typeof value.error.message === 'string'
      ? 'response'
      : undefined;
  }
  return undefined;
}
