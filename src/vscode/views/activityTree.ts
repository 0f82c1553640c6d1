import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Inventory } from '../inventory.ts';
import type { RecentCalls } from '../recentCalls.ts';
import { callEntry, runningCallEntry } from './callEntry.ts';
import { type CallNode, NodeCache } from './nodes.ts';
import { goneItem, toTreeItem } from './toTreeItem.ts';

/** The view *Activity*: what is called, by whom, for how long. */
export class ActivityTree implements vscode.TreeDataProvider<CallNode> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #nodes = new NodeCache<CallNode>();
  readonly #subscription: { dispose(): void };

  constructor(
    private readonly calls: RecentCalls,
    private readonly inventory: Inventory,
  ) {
    this.#subscription = calls.onDidChange(() => this.#changed.fire(undefined));
  }

  getTreeItem(node: CallNode): vscode.TreeItem {
    const { t } = vscode.l10n;
    if (node.type === 'runningCall') {
      const running = this.calls.running[node.index];
      if (!running) return goneItem(node);
      return toTreeItem(node, runningCallEntry(running, this.#nameOf(running.vmcp_id), t));
    }
    const call = this.calls.call(node.logId);
    if (!call) return goneItem(node);
    const item = toTreeItem(node, callEntry(call, this.#nameOf(call.vmcp_id), t));
    item.command = { command: commandIds.openCall, title: t('Open call'), arguments: [node] };
    return item;
  }

  getChildren(node?: CallNode): CallNode[] {
    if (node) return [];
    const { calls, running } = this.calls;
    this.#nodes.keepOnly(new Set(['running', ...calls.map(({ log_id }) => log_id)]));
    return [
      ...running.map((_, index) => this.#nodes.take({ type: 'runningCall', index })),
      ...calls.map(({ log_id }) => this.#nodes.take({ type: 'call', logId: log_id })),
    ];
  }

  getParent(): undefined {
    return undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #nameOf(vmcpId: string): string | undefined {
    return this.inventory.vmcp(vmcpId)?.name;
  }
}
