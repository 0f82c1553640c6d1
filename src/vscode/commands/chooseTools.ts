import * as vscode from 'vscode';
import { isSelected, partsOf } from '../../contract/parts.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import type { VmcpServerNode } from '../views/nodes.ts';
import { firstLine } from '../views/treeEntry.ts';
import type { CommandContext } from './commandContext.ts';

interface ToolItem extends vscode.QuickPickItem {
  serverId: string;
  key: string;
}

/** Ticks tools of a vMCP, or of one of its servers, in a list that can be searched. */
export async function chooseTools(
  { inventory, edits }: CommandContext,
  vmcp: Vmcp,
  node: VmcpServerNode | undefined,
): Promise<void> {
  const parts = vmcp.mcp_servers.filter(
    ({ server_id }) => node === undefined || node.serverId === server_id,
  );
  const items: (ToolItem | vscode.QuickPickItem)[] = [];
  for (const part of parts) {
    items.push({ label: part.name, kind: vscode.QuickPickItemKind.Separator });
    const offer = await inventory.offer(part.server_id);
    for (const { kind, key, description } of offer ? partsOf(offer) : []) {
      if (kind !== 'tools') continue;
      const picked = isSelected(part.tools, key);
      const detail = firstLine(description);
      items.push({ label: key, detail, picked, serverId: part.server_id, key });
    }
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Tools of {0}', vmcp.name),
    placeHolder: vscode.l10n.t('Tick the tools that MCP clients see'),
    canPickMany: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (!chosen) return;
  const tools = items.filter(isToolItem);
  for (const { server_id } of parts) {
    const own = tools.filter(({ serverId }) => serverId === server_id);
    const ticks = new Map(own.map((item) => [item.key, chosen.includes(item)]));
    if (own.length === 0) continue;
    const offered = own.map(({ key }) => key);
    await edits.tick({ vmcpId: vmcp.vmcp_id, serverId: server_id, kind: 'tools', offered, ticks });
  }
}

function isToolItem(item: ToolItem | vscode.QuickPickItem): item is ToolItem {
  return 'key' in item;
}
