import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import type {
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  RequestId,
} from '../../../contract/jsonRpc.ts';
import { rpcCodes } from '../../../contract/jsonRpc.ts';
import { isModernVersion, metaKeys, modernVersion } from '../../protocol/modernProtocol.ts';
import { badEnvelope, headerMismatch, ModernRefusal, unsupportedVersion } from './modernRefusal.ts';
import { checkStandardHeaders, type StandardHeaders } from './standardHeaders.ts';

/**
 * Of which era is a POST? The body decides: only requests of 2026-07-28 carry their version in
 * `params._meta`; headers are then checked against it. A missing header never changes the era.
 * @param body one JSON-RPC message or a batch
 * @returns the message where it is of the era without sessions; undefined: of the session era
 * @throws ModernRefusal where eras are mixed, or the envelope or the headers are wrong
 */
export function modernMessageOf(
  body: JsonRpcMessage | readonly JsonRpcMessage[],
  headers: StandardHeaders,
): JsonRpcRequest | JsonRpcNotification | undefined {
  if (isBatch(body)) {
    if (!body.some((message) => versionOf(message) !== undefined)) return undefined;
    const text = `MCP ${modernVersion} has no JSON-RPC batches`;
    throw new ModernRefusal(400, null, rpcCodes.invalidRequest, text);
  }
  if (!('method' in body)) return undefined;
  const version = versionOf(body);
  const headerIsModern =
    headers.protocolVersion !== undefined && isModernVersion(headers.protocolVersion.trim());
  if (!('id' in body)) return version !== undefined || headerIsModern ? body : undefined;
  if (body.method === 'initialize' && !hasEnvelope(body.params)) {
    if (!headerIsModern) return undefined;
    throw headerMismatch(
      body.id,
      `MCP-Protocol-Version ${headers.protocolVersion} has no initialize`,
    );
  }
  if (version === undefined) {
    if (!headerIsModern) return undefined;
    throw missingKeys(body.id, body.params);
  }
  check(body, version, headers);
  return body;
}

function check(
  { id, method, params = {} }: JsonRpcRequest,
  version: unknown,
  headers: StandardHeaders,
): void {
  if (!hasEnvelope(params)) throw missingKeys(id, params);
  const stated = String(version);
  if (headers.protocolVersion !== undefined && headers.protocolVersion.trim() !== stated) {
    const text = `MCP-Protocol-Version is ${headers.protocolVersion}, but params._meta says ${stated}`;
    throw headerMismatch(id, text);
  }
  if (headers.method !== undefined && headers.method.trim() !== method) {
    throw headerMismatch(id, `Mcp-Method is ${headers.method}, but the method is ${method}`);
  }
  if (stated !== modernVersion) throw unsupportedVersion(id, stated);
  checkStandardHeaders({ id, method, params }, headers);
}

/** The keys that every request must have. */
function hasEnvelope(params: JsonObject | undefined): boolean {
  const meta = params?._meta;
  return (
    isJsonObject(meta) &&
    typeof meta[metaKeys.protocolVersion] === 'string' &&
    isJsonObject(meta[metaKeys.clientCapabilities])
  );
}

function missingKeys(id: RequestId, params: JsonObject | undefined): ModernRefusal {
  const meta = isJsonObject(params?._meta) ? params._meta : {};
  const wrong = [
    ...(typeof meta[metaKeys.protocolVersion] === 'string'
      ? []
      : [`${metaKeys.protocolVersion} (a string)`]),
    ...(isJsonObject(meta[metaKeys.clientCapabilities])
      ? []
      : [`${metaKeys.clientCapabilities} (an object)`]),
  ];
  return badEnvelope(id, `params._meta lacks ${wrong.join(' and ')}`);
}

/** What stands under the key whose presence is the claim to be of this era. */
function versionOf(message: JsonRpcMessage): unknown {
  const meta = 'params' in message ? message.params?._meta : undefined;
  return isJsonObject(meta) ? meta[metaKeys.protocolVersion] : undefined;
}

function isBatch(
  body: JsonRpcMessage | readonly JsonRpcMessage[],
): body is readonly JsonRpcMessage[] {
  return Array.isArray(body);
}
