import type { UnusedTools } from '../../../contract/stats.ts';
import type { ToolUse } from '../../store/toolUse.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';

/**
 * Tools that these vMCPs list and that were never called through them, and from when on that is
 * known: a vMCP's calls from its making on, but not longer than anything is recorded.
 * @param now milliseconds since 1970, for a log in which nothing is recorded so far.
 */
export function unusedTools(
  vmcps: readonly CompiledVmcp[],
  { used, since }: ToolUse,
  now: number,
): UnusedTools['tools'] {
  const known = new Set(used.map((each) => key(each.vmcpId, each.serverId, each.tool)));
  return vmcps.flatMap((vmcp) => {
    const { vmcp_id, created_at } = vmcp.record;
    const from = new Date(Math.max(since ?? now, Date.parse(created_at))).toISOString();
    return vmcp.canonicalTools.flatMap((listed) => {
      const route = vmcp.resolveTool(String(listed.name));
      if (!route || known.has(key(vmcp_id, route.serverId, route.canonicalName))) return [];
      const { serverId: server_id, canonicalName: tool, name } = route;
      return [{ vmcp_id, server_id, tool, name, since: from }];
    });
  });
}

function key(...parts: string[]): string {
  return JSON.stringify(parts);
}
