import * as vscode from 'vscode';
import { partsOf } from '../../contract/parts.ts';
import { ownItems, type Vmcp } from '../../contract/vmcps.ts';
import type { Inventory } from '../inventory.ts';
import type { InventoryChange } from '../inventoryChange.ts';
import {
  type ConfigNode,
  NodeCache,
  type OwnItemNode,
  type VmcpGroupNode,
  type VmcpNode,
  type VmcpPartNode,
  type VmcpServerNode,
  type VmcpTreeNode,
} from './nodes.ts';
import { configEntry, groupEntry, groups, namesIn, ownItemEntry } from './ownEntry.ts';
import { goneItem, toTreeItem } from './toTreeItem.ts';
import type { TreeEntry } from './treeEntry.ts';
import { vmcpEntry, vmcpServerEntry } from './vmcpEntry.ts';
import { type ToolFacts, vmcpPartEntry } from './vmcpPartEntry.ts';

const unknownFacts: ToolFacts = { tokens: undefined, findings: [], exposed: undefined };

/**
 * The view *Virtual MCP servers*: vMCPs, their servers, of these what can be ticked, and what the
 * vMCPs hold of their own.
 */
export class VmcpTree implements vscode.TreeDataProvider<VmcpTreeNode> {
  readonly #changed = new vscode.EventEmitter<VmcpTreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #nodes = new NodeCache<VmcpTreeNode>();
  readonly #subscription: { dispose(): void };

  constructor(private readonly inventory: Inventory) {
    this.#subscription = inventory.onDidChange((change) => this.#follow(change));
  }

  /** Shows everything anew, as where a tick was refused. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getTreeItem(node: VmcpTreeNode): Promise<vscode.TreeItem> {
    const entry = await this.#entry(node);
    if (!entry) return goneItem(node);
    return toTreeItem(node, entry);
  }

  async getChildren(node?: VmcpTreeNode): Promise<VmcpTreeNode[]> {
    switch (node?.type) {
      case undefined:
        return this.inventory.vmcps.map(({ vmcp_id }) =>
          this.#take({ type: 'vmcp', vmcpId: vmcp_id }),
        );
      case 'vmcp':
        return this.#membersOf(node);
      case 'vmcpServer':
        return this.#partsOf(node);
      case 'vmcpGroup':
        return this.#ownOf(node);
      default:
        return [];
    }
  }

  getParent(node: VmcpTreeNode): VmcpTreeNode | undefined {
    const { vmcpId } = node;
    switch (node.type) {
      case 'vmcp':
        return undefined;
      case 'vmcpServer':
      case 'vmcpGroup':
        return this.#take({ type: 'vmcp', vmcpId });
      case 'vmcpPart':
        return this.#take({ type: 'vmcpServer', vmcpId, serverId: node.serverId });
      case 'ownItem':
        return this.#take({ type: 'vmcpGroup', vmcpId, group: node.list });
      case 'config':
        return this.#take({ type: 'vmcpGroup', vmcpId, group: 'configuration' });
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #take<N extends VmcpTreeNode>(node: N): N {
    return this.#nodes.take(node) as N; // found by an id that only nodes of its type have
  }

  /** Only what differs is shown anew; a server's state concerns its own item in each vMCP. */
  #follow({ vmcps, servers, vmcpList, serverList }: InventoryChange): void {
    const roots = new Set(this.inventory.vmcps.map(({ vmcp_id }) => vmcp_id));
    if (vmcpList) this.#nodes.keepOnly(roots);
    if (vmcpList || serverList) {
      this.refresh();
      return;
    }
    const nodes: VmcpTreeNode[] = [];
    for (const { vmcp_id, mcp_servers } of this.inventory.vmcps) {
      const root = this.#nodes.find(vmcp_id);
      if (root && vmcps.has(vmcp_id)) nodes.push(root);
      if (vmcps.has(vmcp_id)) continue;
      for (const { server_id } of mcp_servers) {
        const member = this.#nodes.find(`${vmcp_id}/${server_id}`);
        if (member && servers.has(server_id)) nodes.push(member);
      }
    }
    if (nodes.length > 0) this.#changed.fire(nodes);
  }

  #membersOf({ vmcpId }: VmcpNode): VmcpTreeNode[] {
    const vmcp = this.inventory.vmcp(vmcpId);
    if (!vmcp) return [];
    // Whoever opens the vMCP opens a server next: by then its sizes are there.
    void this.inventory.exposed(vmcpId);
    const servers = [...vmcp.mcp_servers]
      .sort((a, b) => a.priority - b.priority)
      .map(({ server_id }): VmcpServerNode => {
        return this.#take({ type: 'vmcpServer', vmcpId, serverId: server_id });
      });
    const own = groups
      .filter((group) => namesIn(vmcp, group).length > 0)
      .map((group): VmcpGroupNode => this.#take({ type: 'vmcpGroup', vmcpId, group }));
    return [...servers, ...own];
  }

  async #partsOf({ vmcpId, serverId }: VmcpServerNode): Promise<VmcpPartNode[]> {
    // Both at once: the items need the other one right after.
    const [offer] = await Promise.all([
      this.inventory.offer(serverId),
      this.inventory.exposed(vmcpId),
    ]);
    return (offer ? partsOf(offer) : []).map(({ kind, key }) =>
      this.#take({ type: 'vmcpPart', vmcpId, serverId, kind, key }),
    );
  }

  #ownOf({ vmcpId, group }: VmcpGroupNode): (OwnItemNode | ConfigNode)[] {
    const vmcp = this.inventory.vmcp(vmcpId);
    if (!vmcp) return [];
    return namesIn(vmcp, group).map((name) =>
      group === 'configuration'
        ? this.#take({ type: 'config', vmcpId, key: name })
        : this.#take({ type: 'ownItem', vmcpId, list: group, name }),
    );
  }

  async #entry(node: VmcpTreeNode): Promise<TreeEntry | undefined> {
    const { t } = vscode.l10n;
    const vmcp = this.inventory.vmcp(node.vmcpId);
    if (!vmcp) return undefined;
    switch (node.type) {
      case 'vmcp':
        return vmcpEntry(vmcp, t);
      case 'vmcpServer': {
        const part = vmcp.mcp_servers.find(({ server_id }) => server_id === node.serverId);
        return part && vmcpServerEntry(part, this.inventory.server(node.serverId), t);
      }
      case 'vmcpPart':
        return this.#partEntry(vmcp, node);
      case 'vmcpGroup':
        return groupEntry(vmcp, node.group, t);
      case 'ownItem': {
        const facts =
          node.list === 'custom-tools'
            ? await this.#facts(vmcp.vmcp_id, ownItems, node.name)
            : unknownFacts;
        return ownItemEntry(vmcp, node, facts, t);
      }
      case 'config':
        return configEntry(vmcp, node, t);
    }
  }

  async #partEntry(vmcp: Vmcp, node: VmcpPartNode): Promise<TreeEntry | undefined> {
    const { serverId, kind, key } = node;
    const vmcpServer = vmcp.mcp_servers.find(({ server_id }) => server_id === serverId);
    const part = await this.inventory.part(serverId, kind, key);
    if (!vmcpServer || !part) return undefined;
    const facts = kind === 'tools' ? await this.#facts(vmcp.vmcp_id, serverId, key) : unknownFacts;
    return vmcpPartEntry(
      vmcpServer,
      part,
      { ...facts, tokens: part.tokens, findings: part.findings },
      vscode.l10n.t,
    );
  }

  async #facts(vmcpId: string, serverId: string, tool: string): Promise<ToolFacts> {
    const exposed = await this.inventory.exposedTool(vmcpId, serverId, tool);
    return { ...unknownFacts, exposed };
  }
}
