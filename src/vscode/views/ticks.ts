import * as vscode from 'vscode';
import { partsOf } from '../../contract/parts.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import type { Inventory } from '../inventory.ts';
import type { TickChange, VmcpEdits } from '../vmcpEdits.ts';
import type { OwnItemNode, VmcpPartNode, VmcpTreeNode } from './nodes.ts';

/** A node, and whether it is ticked from now on. */
export type Tick = readonly [node: VmcpTreeNode, on: boolean];

/** Writes ticks: what a vMCP selects of its servers, and which of its own tools are offered. */
export class Ticks {
  constructor(
    private readonly inventory: Inventory,
    private readonly edits: VmcpEdits,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** @returns whether all was written; what was not is shown to the user */
  async write(ticks: readonly Tick[]): Promise<boolean> {
    const changes = await Promise.all(this.#changes(ticks));
    const own = ticks.flatMap(([node, on]): [OwnItemNode, boolean][] =>
      node.type === 'ownItem' && node.list === 'custom-tools' ? [[node, on]] : [],
    );
    const outcomes = await Promise.allSettled([
      ...changes.map((change) => this.edits.tick(change)),
      ...own.map(([{ vmcpId, name }, on]) => this.edits.enableTool(vmcpId, name, on)),
    ]);
    const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    for (const reason of failed) {
      this.log.error(messageOf(reason));
      void vscode.window.showErrorMessage(messageOf(reason));
    }
    return failed.length === 0;
  }

  /** One change for each list that the ticks concern: what they leave untouched is written with them. */
  #changes(ticks: readonly Tick[]): Promise<TickChange>[] {
    const groups = new Map<string, { node: VmcpPartNode; ticks: Map<string, boolean> }>();
    for (const [node, on] of ticks) {
      if (node.type !== 'vmcpPart') continue;
      const key = JSON.stringify([node.vmcpId, node.serverId, node.kind]);
      const group = groups.get(key) ?? { node, ticks: new Map<string, boolean>() };
      group.ticks.set(node.key, on);
      groups.set(key, group);
    }
    return [...groups.values()].map(async ({ node, ticks }) => {
      const { vmcpId, serverId, kind } = node;
      const offer = await this.inventory.offer(serverId);
      const parts = offer ? partsOf(offer) : [];
      const offered = parts.filter((part) => part.kind === kind).map((part) => part.key);
      return { vmcpId, serverId, kind, offered, ticks };
    });
  }
}
