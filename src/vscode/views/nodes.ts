import type { PartKind } from '../../contract/parts.ts';
import type { OwnList } from '../../serverLink/restClient.ts';

/**
 * What stands behind the items of the trees; commands of their menus get them as argument. Nodes only
 * name things, so that they stay the same while what they name changes.
 */
export type VmcpNode = { type: 'vmcp'; vmcpId: string };
export type VmcpServerNode = { type: 'vmcpServer'; vmcpId: string; serverId: string };
export type VmcpPartNode = {
  type: 'vmcpPart';
  vmcpId: string;
  serverId: string;
  kind: PartKind;
  key: string;
};
export type VmcpGroup = OwnList | 'configuration';
export type VmcpGroupNode = { type: 'vmcpGroup'; vmcpId: string; group: VmcpGroup };
export type OwnItemNode = { type: 'ownItem'; vmcpId: string; list: OwnList; name: string };
export type ConfigNode = { type: 'config'; vmcpId: string; key: string };
export type ServerNode = { type: 'server'; serverId: string };
export type ServerPartNode = { type: 'serverPart'; serverId: string; kind: PartKind; key: string };
/** A finished call by its log id, or one that goes on by its position. */
export type CallNode = { type: 'call'; logId: string } | { type: 'runningCall'; index: number };

export type VmcpTreeNode =
  | VmcpNode
  | VmcpServerNode
  | VmcpPartNode
  | VmcpGroupNode
  | OwnItemNode
  | ConfigNode;
export type ServerTreeNode = ServerNode | ServerPartNode;
export type Node = VmcpTreeNode | ServerTreeNode | CallNode;

/** The same for the same thing at all times: VS Code keeps selection and expansion by it. */
export function nodeId(node: Node): string {
  switch (node.type) {
    case 'vmcp':
      return node.vmcpId;
    case 'vmcpServer':
      return `${node.vmcpId}/${node.serverId}`;
    case 'vmcpPart':
      return `${node.vmcpId}/${node.serverId}/${node.kind}/${node.key}`;
    case 'vmcpGroup':
      return `${node.vmcpId}/${node.group}`;
    case 'ownItem':
      return `${node.vmcpId}/${node.list}/${node.name}`;
    case 'config':
      return `${node.vmcpId}/configuration/${node.key}`;
    case 'server':
      return node.serverId;
    case 'serverPart':
      return `${node.serverId}/${node.kind}/${node.key}`;
    case 'call':
      return node.logId;
    case 'runningCall':
      return `running/${node.index}`;
  }
}

/**
 * One object for each node that was shown: VS Code refreshes an item only by the object it got. Those
 * of things that are gone are few and small, and go with the next clearing.
 */
export class NodeCache<N extends Node> {
  readonly #nodes = new Map<string, N>();

  take(node: N): N {
    const id = nodeId(node);
    const known = this.#nodes.get(id);
    if (known) return known;
    this.#nodes.set(id, node);
    return node;
  }

  /** The node if it was shown. */
  find(id: string): N | undefined {
    return this.#nodes.get(id);
  }

  /** Forgets what does not begin with any of these ids. */
  keepOnly(roots: ReadonlySet<string>): void {
    for (const id of this.#nodes.keys()) {
      if (!roots.has(id.split('/', 1)[0] ?? '')) this.#nodes.delete(id);
    }
  }
}
