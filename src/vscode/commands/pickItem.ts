import * as vscode from 'vscode';
import type { Vmcp } from '../../contract/vmcps.ts';
import { type ItemPlace, parseDocumentPath } from '../documents/documentPath.ts';
import type { Node, OwnItemNode } from '../views/nodes.ts';
import type { CommandContext } from './commandContext.ts';
import { pickVmcp } from './pickers.ts';

/** A custom item of a vMCP. */
export interface ItemTarget {
  vmcp: Vmcp;
  place: ItemPlace;
}

/**
 * The custom item that a command was called on (a document or a node of the tree), that of the active
 * editor, else the one that the user picks; undefined: none.
 */
export async function pickItem(
  context: CommandContext,
  node: unknown,
  isWanted: (place: ItemPlace) => boolean = () => true,
): Promise<ItemTarget | undefined> {
  const ofNode = await itemOfNode(context, node);
  if (ofNode) return ofNode;
  const given = placeOf(node) ?? (node === undefined ? activePlace() : undefined);
  if (given && isWanted(given)) {
    const vmcp = await context.store.vmcpNamed(given.vmcp);
    return vmcp && { vmcp, place: given };
  }
  const vmcp = await pickVmcp(context.inventory, node);
  if (!vmcp) return undefined;
  const places = itemsOf(vmcp).filter(isWanted);
  if (places.length === 0) {
    throw new Error(vscode.l10n.t('“{0}” has nothing of that kind yet.', vmcp.name));
  }
  const items = places.map((place) => ({
    label: `$(${iconOf(place)}) ${place.name}`,
    description: kindText(place),
    place,
  }));
  const placeHolder = vscode.l10n.t('Choose a custom item of {0}', vmcp.name);
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  return chosen && { vmcp, place: chosen.place };
}

/** The custom items of a vMCP. */
export function itemsOf(vmcp: Vmcp): ItemPlace[] {
  const { name: of } = vmcp;
  return [
    ...vmcp.custom_tools.map(
      ({ name, tool_type }): ItemPlace => ({ at: 'tool', vmcp: of, name, kind: tool_type }),
    ),
    ...vmcp.custom_prompts.map(({ name }): ItemPlace => ({ at: 'prompt', vmcp: of, name })),
    ...vmcp.custom_resources.map(({ name }): ItemPlace => ({ at: 'resource', vmcp: of, name })),
  ];
}

/** What a custom item is, for people. */
export function kindText(place: ItemPlace): string {
  const { t } = vscode.l10n;
  if (place.at === 'prompt') return t('Prompt');
  if (place.at === 'resource') return t('Resource');
  switch (place.kind) {
    case 'python':
      return t('Python tool');
    case 'http':
      return t('HTTP tool');
    case 'prompt':
      return t('Prompt tool');
    case 'composite':
      return t('Composite tool');
  }
}

export function iconOf(place: ItemPlace): string {
  if (place.at === 'prompt') return 'comment';
  if (place.at === 'resource') return 'file';
  const icons = {
    python: 'code',
    http: 'globe',
    prompt: 'comment',
    composite: 'list-tree',
  } as const;
  return icons[place.kind];
}

/** The custom item whose document the active editor shows. */
export function activePlace(): ItemPlace | undefined {
  return placeOf(vscode.window.activeTextEditor?.document.uri);
}

function placeOf(node: unknown): ItemPlace | undefined {
  if (!(node instanceof vscode.Uri)) return undefined;
  const place = parseDocumentPath(node.path);
  return place && 'name' in place ? place : undefined;
}

const placeKinds = {
  'custom-tools': 'tool',
  'custom-prompts': 'prompt',
  'custom-resources': 'resource',
} as const;

const lists = {
  tool: 'custom-tools',
  prompt: 'custom-prompts',
  resource: 'custom-resources',
} as const;

/** The item as the tree names it. */
export function nodeOf({ vmcp, place }: ItemTarget): OwnItemNode {
  return { type: 'ownItem', vmcpId: vmcp.vmcp_id, list: lists[place.at], name: place.name };
}

/** Nodes name things only. What the window has not heard of yet is read. */
async function itemOfNode(
  { inventory, process }: CommandContext,
  node: unknown,
): Promise<ItemTarget | undefined> {
  const candidate = node as Node | undefined;
  if (candidate?.type !== 'ownItem') return undefined;
  const { vmcpId, list, name } = candidate;
  const isIt = (one: ItemPlace) => one.at === placeKinds[list] && one.name === name;
  const known = inventory.vmcp(vmcpId);
  const there = known && itemsOf(known).find(isIt);
  if (known && there) return { vmcp: known, place: there };
  const vmcp = await process.client.vmcp(vmcpId);
  const place = itemsOf(vmcp).find(isIt);
  return place && { vmcp, place };
}
