import type { JsonObject } from '../../contract/json.ts';
import type { CompiledVmcp } from '../vmcp/compile/compiledVmcp.ts';
import { negotiateVersion } from './protocolVersions.ts';

/**
 * The result of `initialize` (MCP basic/lifecycle). No `title`: VS Code would build tool names
 * from it, and it need not be unique.
 */
export function initializeResult(
  compiled: CompiledVmcp,
  params: JsonObject,
  version: string,
): JsonObject & { protocolVersion: string } {
  return {
    protocolVersion: negotiateVersion(params.protocolVersion),
    capabilities: compiled.capabilities,
    serverInfo: { name: compiled.serverName, version },
    ...(compiled.instructions !== '' && { instructions: compiled.instructions }),
  };
}
