import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import { modernVersion } from '../protocol/modernProtocol.ts';
import type { Connection } from './connection.ts';
import { declaredCapabilities } from './declaredCapabilities.ts';
import { UpstreamError } from './upstreamError.ts';

/** The newest version of the session era. */
const offeredVersion = '2025-11-25';

/** What a server said of itself. */
export interface ServerDescription {
  protocolVersion: string;
  capabilities: JsonObject;
  serverInfo: JsonObject;
  instructions: string | null;
}

/**
 * Opens a session (MCP 2025-11-25, basic/lifecycle). The same capabilities are declared for every client,
 * less those withheld from this server, since some servers show tools only then.
 */
export async function initialize(
  connection: Connection,
  server: ServerRecord,
  version: string,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ServerDescription> {
  const result = await connection.request({
    method: 'initialize',
    params: {
      protocolVersion: offeredVersion,
      capabilities: declaredCapabilities(server),
      clientInfo: { name: 'vmcp', version },
    },
    signal,
    timeoutMs,
  });
  const description = describe(result);
  if (description === undefined) {
    throw new UpstreamError(
      'protocol',
      server.name,
      `Server "${server.name}" answered initialize with protocol version ${JSON.stringify(result.protocolVersion)}, which vMCP does not speak (it offered ${offeredVersion}).`,
    );
  }
  connection.notify({ jsonrpc: '2.0', method: 'notifications/initialized' });
  await connection.opened(description.protocolVersion);
  return description;
}

function describe(result: JsonObject): ServerDescription | undefined {
  const { protocolVersion, capabilities, serverInfo, instructions } = result;
  if (typeof protocolVersion !== 'string' || protocolVersion >= modernVersion) return undefined;
  return {
    protocolVersion,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    serverInfo: isJsonObject(serverInfo) ? serverInfo : {},
    instructions: typeof instructions === 'string' && instructions !== '' ? instructions : null,
  };
}
