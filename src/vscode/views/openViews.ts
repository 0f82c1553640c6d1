import * as vscode from 'vscode';
import { contextKeys, viewIds } from '../ids.ts';
import type { Inventory } from '../inventory.ts';
import type { RecentCalls } from '../recentCalls.ts';
import type { VmcpEdits } from '../vmcpEdits.ts';
import { ActivityTree } from './activityTree.ts';
import { ServerDrag, VmcpDrop } from './dragAndDrop.ts';
import { needsAttention } from './serverEntry.ts';
import { ServerTree } from './serverTree.ts';
import { Ticks } from './ticks.ts';
import { joined } from './treeEntry.ts';
import type { TreeSelection } from './treeSelection.ts';
import { VmcpTree } from './vmcpTree.ts';

export interface ViewParts {
  inventory: Inventory;
  edits: VmcpEdits;
  calls: RecentCalls;
  selection: TreeSelection;
  log: vscode.LogOutputChannel;
}

/** Opens the views of the sidebar. */
export function openViews(parts: ViewParts): vscode.Disposable[] {
  return [...openVmcpView(parts), ...openServerView(parts), ...openActivityView(parts)];
}

function openVmcpView({ inventory, edits, selection, log }: ViewParts): vscode.Disposable[] {
  const tree = new VmcpTree(inventory);
  const view = vscode.window.createTreeView(viewIds.vmcps, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: new VmcpDrop(edits, log),
    // A tick concerns its own item only.
    manageCheckboxStateManually: true,
  });
  selection.follow(viewIds.vmcps, view);
  const ticks = new Ticks(inventory, edits, log);
  const ticked = view.onDidChangeCheckboxState(async ({ items }) => {
    const isDone = await ticks.write(
      items.map(([node, state]) => [node, state === vscode.TreeItemCheckboxState.Checked]),
    );
    if (!isDone) tree.refresh();
  });
  return [tree, view, ticked];
}

function openServerView({ inventory, selection }: ViewParts): vscode.Disposable[] {
  const tree = new ServerTree(inventory);
  const view = vscode.window.createTreeView(viewIds.servers, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: new ServerDrag(),
  });
  selection.follow(viewIds.servers, view);
  const showBadge = () => {
    const names = inventory.servers.filter(needsAttention).map(({ name }) => name);
    const tooltip = vscode.l10n.t('Needs attention: {0}', names.join(', '));
    view.badge = names.length > 0 ? { value: names.length, tooltip } : undefined;
  };
  return [tree, view, { dispose: inventory.onDidChange(showBadge).dispose }];
}

function openActivityView({ inventory, calls }: ViewParts): vscode.Disposable[] {
  const tree = new ActivityTree(calls, inventory);
  const view = vscode.window.createTreeView(viewIds.activity, { treeDataProvider: tree });
  const showState = () => {
    const { isPaused, failedOnly } = calls;
    void vscode.commands.executeCommand('setContext', contextKeys.activityPaused, isPaused);
    void vscode.commands.executeCommand('setContext', contextKeys.activityFailedOnly, failedOnly);
    const failed = failedOnly ? vscode.l10n.t('failed only') : undefined;
    view.description = joined(isPaused ? vscode.l10n.t('paused') : undefined, failed);
  };
  const shown = view.onDidChangeVisibility(({ visible }) => {
    if (visible) calls.show();
  });
  return [tree, view, shown, { dispose: calls.onDidChange(showState).dispose }];
}
