import * as vscode from 'vscode';
import * as z from 'zod';
import { messageOf } from '../../serverLink/linkError.ts';
import { addTools, placeServers } from '../memberEdits.ts';
import type { VmcpEdits } from '../vmcpEdits.ts';
import type { ServerTreeNode, VmcpTreeNode } from './nodes.ts';

const mimeType = 'application/vnd.vmcp.servers';

/** What is dragged: servers, and tools of servers. */
const draggedSchema = z.object({
  servers: z.array(z.string()),
  tools: z.array(z.tuple([z.string(), z.string()])),
});
type Dragged = z.infer<typeof draggedSchema>;

/** Servers and tools are dragged out of the view *MCP servers*. */
export class ServerDrag implements vscode.TreeDragAndDropController<ServerTreeNode> {
  readonly dragMimeTypes = [mimeType];
  readonly dropMimeTypes = [];

  handleDrag(nodes: readonly ServerTreeNode[], transfer: vscode.DataTransfer): void {
    const dragged: Dragged = { servers: [], tools: [] };
    for (const node of nodes) {
      if (node.type === 'server') dragged.servers.push(node.serverId);
      else if (node.kind === 'tools') dragged.tools.push([node.serverId, node.key]);
    }
    offer(transfer, dragged);
  }
}

/** Servers of a vMCP are dragged to another place, or into another vMCP; all is dropped on vMCPs. */
export class VmcpDrop implements vscode.TreeDragAndDropController<VmcpTreeNode> {
  readonly dragMimeTypes = [mimeType];
  readonly dropMimeTypes = [mimeType];

  constructor(
    private readonly edits: VmcpEdits,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  handleDrag(nodes: readonly VmcpTreeNode[], transfer: vscode.DataTransfer): void {
    const servers = nodes.flatMap((node) => (node.type === 'vmcpServer' ? [node.serverId] : []));
    const tools = nodes.flatMap((node): [string, string][] =>
      node.type === 'vmcpPart' && node.kind === 'tools' ? [[node.serverId, node.key]] : [],
    );
    offer(transfer, { servers, tools });
  }

  async handleDrop(target: VmcpTreeNode | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const dragged = await taken(transfer);
    if (!target || !dragged) return;
    try {
      await this.drop(target, dragged);
    } catch (error) {
      this.log.error(messageOf(error));
      void vscode.window.showErrorMessage(messageOf(error));
    }
  }

  async drop(target: VmcpTreeNode, { servers, tools }: Dragged): Promise<void> {
    const before = 'serverId' in target ? target.serverId : undefined;
    if (servers.length > 0) {
      await this.edits.edit(target.vmcpId, (members) => placeServers(members, servers, before));
    }
    if (tools.length === 0) return;
    const byServer = new Map<string, string[]>();
    for (const [serverId, tool] of tools) {
      byServer.set(serverId, [...(byServer.get(serverId) ?? []), tool]);
    }
    await this.edits.edit(target.vmcpId, (members) => addTools(members, byServer));
  }
}

function offer(transfer: vscode.DataTransfer, dragged: Dragged): void {
  if (dragged.servers.length + dragged.tools.length === 0) return;
  transfer.set(mimeType, new vscode.DataTransferItem(JSON.stringify(dragged)));
}

async function taken(transfer: vscode.DataTransfer): Promise<Dragged | undefined> {
  for (const [type, item] of transfer) {
    const text = type === mimeType ? await item.asString() : '';
    // VS Code puts an empty item of each type before those that `handleDrag` gave.
    if (text !== '') return draggedSchema.safeParse(JSON.parse(text)).data;
  }
  return undefined;
}
