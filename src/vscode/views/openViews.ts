import * as vscode from 'vscode';
import { partsOf } from '../../contract/parts.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { viewIds } from '../ids.ts';
import type { Inventory } from '../inventory.ts';
import type { TickChange, VmcpEdits } from '../vmcpEdits.ts';
import type { VmcpPartNode } from './nodes.ts';
import { ServerTree } from './serverTree.ts';
import { VmcpTree } from './vmcpTree.ts';

/** Opens both views of the sidebar. */
export function openViews(
  inventory: Inventory,
  edits: VmcpEdits,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const vmcps = new VmcpTree(inventory);
  const servers = new ServerTree(inventory);
  const vmcpView = vscode.window.createTreeView(viewIds.vmcps, {
    treeDataProvider: vmcps,
    showCollapseAll: true,
    // A tick concerns its own item only.
    manageCheckboxStateManually: true,
  });
  const ticked = vmcpView.onDidChangeCheckboxState(async ({ items }) => {
    const changes = await Promise.all(tickChanges(items, inventory));
    const outcomes = await Promise.allSettled(changes.map((change) => edits.tick(change)));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      log.error(messageOf(outcome.reason));
      void vscode.window.showErrorMessage(messageOf(outcome.reason));
      vmcps.refresh();
    }
  });
  const serverView = vscode.window.createTreeView(viewIds.servers, {
    treeDataProvider: servers,
    showCollapseAll: true,
  });
  return [vmcps, servers, vmcpView, serverView, ticked];
}

/** One change for each list that the ticks concern: what they leave untouched is written with them. */
function tickChanges(
  items: readonly (readonly [unknown, vscode.TreeItemCheckboxState])[],
  inventory: Inventory,
): Promise<TickChange>[] {
  const groups = new Map<string, { node: VmcpPartNode; ticks: Map<string, boolean> }>();
  for (const [item, state] of items) {
    const node = item as VmcpPartNode;
    const key = JSON.stringify([node.vmcp.vmcp_id, node.vmcpServer.server_id, node.part.kind]);
    const group = groups.get(key) ?? { node, ticks: new Map<string, boolean>() };
    group.ticks.set(node.part.key, state === vscode.TreeItemCheckboxState.Checked);
    groups.set(key, group);
  }
  return [...groups.values()].map(async ({ node, ticks }) => {
    const serverId = node.vmcpServer.server_id;
    const { kind } = node.part;
    const offer = await inventory.offer(serverId);
    const parts = offer ? partsOf(offer) : [];
    const offered = parts.filter((part) => part.kind === kind).map((part) => part.key);
    return { vmcpId: node.vmcp.vmcp_id, serverId, kind, offered, ticks };
  });
}
