import * as vscode from 'vscode';
import { partsOf } from '../../contract/parts.ts';
import type { Inventory } from '../inventory.ts';
import type { VmcpNode, VmcpPartNode, VmcpServerNode } from './nodes.ts';
import { toTreeItem } from './toTreeItem.ts';
import { vmcpEntry, vmcpPartEntry, vmcpServerEntry } from './vmcpEntry.ts';

type Node = VmcpNode | VmcpServerNode | VmcpPartNode;

/** The view *Virtual MCP servers*: vMCPs, their servers, and of these what can be ticked. */
export class VmcpTree implements vscode.TreeDataProvider<Node> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: { dispose(): void };

  constructor(private readonly inventory: Inventory) {
    this.#subscription = inventory.onDidChange(() => this.refresh());
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { t } = vscode.l10n;
    switch (node.type) {
      case 'vmcp':
        return toTreeItem(vmcpEntry(node.vmcp, t));
      case 'vmcpServer':
        return toTreeItem(vmcpServerEntry(node.vmcp, node.part, node.server, node.offer, t));
      case 'vmcpPart':
        return toTreeItem(vmcpPartEntry(node.vmcp, node.vmcpServer, node.part, t));
    }
  }

  async getChildren(node?: Node): Promise<Node[]> {
    switch (node?.type) {
      case undefined:
        return this.inventory.vmcps.map((vmcp) => ({ type: 'vmcp', vmcp }));
      case 'vmcp':
        return Promise.all(
          [...node.vmcp.mcp_servers]
            .sort((a, b) => a.priority - b.priority)
            .map(async (part): Promise<VmcpServerNode> => {
              const server = this.inventory.server(part.server_id);
              const offer = await this.inventory.offer(part.server_id);
              return { type: 'vmcpServer', vmcp: node.vmcp, part, server, offer };
            }),
        );
      case 'vmcpServer':
        return partsOf(node.offer ?? noOffer).map((part) => {
          return { type: 'vmcpPart', vmcp: node.vmcp, vmcpServer: node.part, part };
        });
      default:
        return [];
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

const noOffer = { tools: [], tool_tokens: [], prompts: [], resources: [], resource_templates: [] };
