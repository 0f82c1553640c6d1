import * as vscode from 'vscode';
import { partsOf } from '../../contract/parts.ts';
import type { Inventory } from '../inventory.ts';
import type { ServerNode, ServerPartNode } from './nodes.ts';
import { partEntry } from './partEntry.ts';
import { serverEntry } from './serverEntry.ts';
import { toTreeItem } from './toTreeItem.ts';

type Node = ServerNode | ServerPartNode;

/** The view *MCP servers*: the servers with their state, and what each offers. */
export class ServerTree implements vscode.TreeDataProvider<Node> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: { dispose(): void };

  constructor(private readonly inventory: Inventory) {
    this.#subscription = inventory.onDidChange(() => this.#changed.fire(undefined));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.type === 'server'
      ? toTreeItem(serverEntry(node.server, vscode.l10n.t))
      : toTreeItem(partEntry(node.part, node.serverId));
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      return [...this.inventory.servers]
        .sort((a, b) => a.name.localeCompare(b.name))
        .map((server) => ({ type: 'server', server }));
    }
    if (node.type !== 'server') return [];
    const serverId = node.server.server_id;
    const offer = await this.inventory.offer(serverId);
    return offer ? partsOf(offer).map((part) => ({ type: 'serverPart', serverId, part })) : [];
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
