import type * as z from 'zod';
import { ownItems } from '../../contract/vmcps.ts';
import type { switchToolSchema } from '../../contract/webview/dashboard.ts';
import type { PageServices } from '../webview/pageServices.ts';

/** Lists a tool of a vMCP or takes it off the list; it stays where it comes from. @throws RestError */
export async function switchTool(
  { process, inventory, edits }: Pick<PageServices, 'process' | 'inventory' | 'edits'>,
  { vmcp_id, server_id, name, on }: z.infer<typeof switchToolSchema>,
): Promise<void> {
  if (server_id === ownItems) {
    const { custom_tools } = await process.client.vmcp(vmcp_id);
    const changed = custom_tools.map((tool) =>
      tool.name === name ? { ...tool, enabled: on } : tool,
    );
    await process.client.updateVmcp(vmcp_id, { custom_tools: changed });
    return;
  }
  const offer = await inventory.offer(server_id);
  await edits.tick({
    ...{ vmcpId: vmcp_id, serverId: server_id, kind: 'tools' },
    offered: offer?.tools.map((tool) => String(tool.name)) ?? [name],
    ticks: new Map([[name, on]]),
  });
}
