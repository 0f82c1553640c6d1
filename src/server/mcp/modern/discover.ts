import type { JsonObject } from '../../../contract/json.ts';
import { modernVersions } from '../../protocol/modernProtocol.ts';
import type { CompiledVmcp } from '../../vmcp/compile/compiledVmcp.ts';

/** The result of `server/discover`; tasks of the session era do not exist in this one. */
export function discoverResult({ capabilities, instructions }: CompiledVmcp): JsonObject {
  const { tasks: _, ...offered } = capabilities;
  return {
    supportedVersions: [...modernVersions],
    capabilities: offered,
    ...(instructions !== '' && { instructions }),
  };
}
