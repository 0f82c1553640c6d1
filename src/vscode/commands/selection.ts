import type { Node } from '../views/nodes.ts';

/** What a command of a tree's menu was called on: all selected items if its own is one of them. */
export function selectedNodes(node: unknown, nodes: unknown): Node[] {
  if (Array.isArray(nodes) && nodes.includes(node)) return nodes as Node[];
  return isNode(node) ? [node] : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

export function serverIdOf(node: Node): string | undefined {
  return 'serverId' in node ? node.serverId : undefined;
}

export function vmcpIdOf(node: Node): string | undefined {
  return 'vmcpId' in node ? node.vmcpId : undefined;
}

/** The ids that the nodes name, each once. */
export function idsOf(nodes: readonly Node[], idOf: (node: Node) => string | undefined): string[] {
  return [...new Set(nodes.flatMap((node) => idOf(node) ?? []))];
}
