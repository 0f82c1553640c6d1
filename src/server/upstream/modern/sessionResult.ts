import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { isModernMetaKey } from '../../protocol/modernProtocol.ts';
import { wrapsOutput } from '../../protocol/wrappedOutput.ts';

/**
 * A result as clients of the session era know it: without what only the era without sessions has.
 * @param tool whose result it is, as its server lists it
 */
export function sessionResult(result: JsonObject, tool: JsonObject | undefined): JsonObject {
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, _meta, ...rest } = result;
  const meta = isJsonObject(_meta) ? sessionMeta(_meta) : undefined;
  const plain: JsonObject = meta === undefined ? rest : { ...rest, _meta: meta };
  if (plain.structuredContent === undefined) return plain;
  return wrapsOutput(tool, plain.structuredContent) ? wrapped(plain) : plain;
}

/** An error as clients of the session era know it. */
export function sessionError(error: unknown, method: string): unknown {
  const isUnknownResource =
    error instanceof RpcError &&
    method === 'resources/read' &&
    error.code === rpcCodes.invalidParams &&
    isJsonObject(error.data) &&
    typeof error.data.uri === 'string';
  return isUnknownResource
    ? new RpcError(rpcCodes.resourceNotFound, error.message, error.data)
    : error;
}

/** Clients of the session era take objects only, and some of them only text. */
function wrapped(result: JsonObject): JsonObject {
  const { structuredContent, content } = result;
  const hasContent = Array.isArray(content) && content.length > 0;
  return {
    ...result,
    ...(!hasContent && { content: [{ type: 'text', text: textOf(structuredContent) }] }),
    structuredContent: { result: structuredContent },
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sessionMeta(meta: JsonObject): JsonObject | undefined {
  const kept = Object.entries(meta).filter(([key]) => !isModernMetaKey(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
