import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';
import { RpcError } from '../../../contract/jsonRpc.ts';
import { isModernVersion, modernCodes, modernVersion } from '../../protocol/modernProtocol.ts';
import type { Connection } from '../connection.ts';
import type { ServerDescription } from '../handshake.ts';
import { HttpStatusError } from '../httpFailure.ts';
import { UpstreamError } from '../upstreamError.ts';
import { withoutTasks } from './requestEnvelope.ts';

/** Nobody sweeps while a connection is opened: the signal is what ends it. */
const timeoutMs = Number.POSITIVE_INFINITY;

/** Errors that only a server of the era without sessions gives. */
const modernErrors = new Set<number>(Object.values(modernCodes));

function isModernError({ code }: RpcError): boolean {
  return modernErrors.has(code);
}

/**
 * Asks a server what it is (MCP 2026-07-28, server/discover); `connection` words its requests in the era
 * without sessions. Whatever else is answered means a server of the session era.
 * @returns undefined for one of the session era
 * @throws UpstreamError where it cannot be reached, or speaks no version of vMCP's; the signal's reason
 */
export async function discover(
  connection: Connection,
  signal: AbortSignal,
): Promise<ServerDescription | undefined> {
  try {
    const request = { method: 'server/discover', params: undefined, signal, timeoutMs };
    const answer = connection.request(request).catch((error: unknown) => {
      // It named this very version as one that it speaks.
      if (error instanceof RpcError && supportedBy(error)?.includes(modernVersion)) {
        return connection.request(request);
      }
      throw error;
    });
    return descriptionOf(await answer);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RpcError) {
      refuseOtherVersions(error, connection.serverName);
      return undefined;
    }
    if (isNoSuchServer(error)) return undefined;
    throw error;
  }
}

/** @returns undefined where the versions named are all of the session era */
function descriptionOf(result: JsonObject): ServerDescription | undefined {
  const { supportedVersions, capabilities, instructions, _meta } = result;
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(modernVersion)) {
    return undefined;
  }
  const serverInfo = isJsonObject(_meta) ? _meta['io.modelcontextprotocol/serverInfo'] : undefined;
  return {
    protocolVersion: modernVersion,
    capabilities: isJsonObject(capabilities) ? withoutTasks(capabilities) : {},
    serverInfo: isJsonObject(serverInfo) ? serverInfo : {},
    instructions: typeof instructions === 'string' && instructions !== '' ? instructions : null,
  };
}

/** @throws UpstreamError for a server without sessions that speaks later revisions only */
function refuseOtherVersions(error: RpcError, serverName: string): void {
  if (!isModernError(error)) return;
  const supported = supportedBy(error);
  const isSession = (version: JsonValue) =>
    typeof version === 'string' && !isModernVersion(version);
  if (supported?.some(isSession)) return;
  const versions = supported ? `it speaks ${supported.join(', ')}` : error.message;
  const text = `Server "${serverName}" refused protocol version ${modernVersion}: ${versions}. Update vMCP or the server.`;
  throw new UpstreamError('protocol', serverName, text);
}

/** The versions that a refusal names. */
function supportedBy({ data }: RpcError): readonly JsonValue[] | undefined {
  const supported = isJsonObject(data) ? data.supported : undefined;
  return Array.isArray(supported) ? supported : undefined;
}

/** Whether a server is there, but does not take a handshake, in whatever words. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof UpstreamError && error.code === 'auth_required') return false;
  return error instanceof RpcError || isNoSuchServer(error);
}

/** Whether the address, or the program, is there but knows nothing of the request. */
function isNoSuchServer(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  const { cause, code } = error;
  if (cause instanceof HttpStatusError) return cause.status < 500;
  return code === 'protocol';
}
