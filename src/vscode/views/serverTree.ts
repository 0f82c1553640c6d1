import * as vscode from 'vscode';
import { partsOf } from '../../contract/parts.ts';
import type { Inventory } from '../inventory.ts';
import type { InventoryChange } from '../inventoryChange.ts';
import { NodeCache, type ServerTreeNode } from './nodes.ts';
import { partEntry } from './partEntry.ts';
import { serverEntry } from './serverEntry.ts';
import { goneItem, toTreeItem } from './toTreeItem.ts';

/** The view *MCP servers*: the servers with their state, and what each offers. */
export class ServerTree implements vscode.TreeDataProvider<ServerTreeNode> {
  readonly #changed = new vscode.EventEmitter<ServerTreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #nodes = new NodeCache<ServerTreeNode>();
  readonly #subscription: { dispose(): void };

  constructor(private readonly inventory: Inventory) {
    this.#subscription = inventory.onDidChange((change) => this.#follow(change));
  }

  async getTreeItem(node: ServerTreeNode): Promise<vscode.TreeItem> {
    const { t } = vscode.l10n;
    if (node.type === 'server') {
      const server = this.inventory.server(node.serverId);
      return server ? toTreeItem(node, serverEntry(server, t)) : goneItem(node);
    }
    const part = await this.inventory.part(node.serverId, node.kind, node.key);
    return part ? toTreeItem(node, partEntry(part, part.tokens, part.findings, t)) : goneItem(node);
  }

  async getChildren(node?: ServerTreeNode): Promise<ServerTreeNode[]> {
    if (!node) {
      return [...this.inventory.servers]
        .sort((a, b) => a.name.localeCompare(b.name))
        .map(({ server_id }) => this.#nodes.take({ type: 'server', serverId: server_id }));
    }
    if (node.type !== 'server') return [];
    const { serverId } = node;
    const offer = await this.inventory.offer(serverId);
    return (offer ? partsOf(offer) : []).map(({ kind, key }) =>
      this.#nodes.take({ type: 'serverPart', serverId, kind, key }),
    );
  }

  getParent(node: ServerTreeNode): ServerTreeNode | undefined {
    if (node.type === 'server') return undefined;
    return this.#nodes.take({ type: 'server', serverId: node.serverId });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** Only what differs is shown anew. */
  #follow({ servers, serverList }: InventoryChange): void {
    if (serverList) {
      this.#nodes.keepOnly(new Set(this.inventory.servers.map(({ server_id }) => server_id)));
      this.#changed.fire(undefined);
      return;
    }
    const nodes = [...servers].flatMap((id) => this.#nodes.find(id) ?? []);
    if (nodes.length > 0) this.#changed.fire(nodes);
  }
}
