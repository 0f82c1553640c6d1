import type { JsonObject } from './json.ts';
import type { Selection } from './vmcps.ts';

/** The three lists of a server that a vMCP selects from. */
export type PartKind = 'tools' | 'prompts' | 'resources';
export const partKinds: readonly PartKind[] = ['tools', 'prompts', 'resources'];

/** One tool, prompt or resource (or resource template) that a server offers. */
export interface Part {
  kind: PartKind;
  /** What a selection names it by: the name; of a resource its URI or template. */
  key: string;
  label: string;
  description: string;
}

/** What a server offers, as a catalog lists it. */
export interface PartLists {
  tools: readonly JsonObject[];
  prompts: readonly JsonObject[];
  resources: readonly JsonObject[];
  resource_templates: readonly JsonObject[];
}

/** The parts of an offer, tools first, each list in the server's order. */
export function partsOf(offer: PartLists): Part[] {
  return [
    ...offer.tools.flatMap((tool) => part('tools', tool.name, undefined, tool)),
    ...offer.prompts.flatMap((prompt) => part('prompts', prompt.name, undefined, prompt)),
    ...offer.resources.flatMap((item) => part('resources', item.uri, item.name, item)),
    ...offer.resource_templates.flatMap((item) =>
      part('resources', item.uriTemplate, item.name, item),
    ),
  ];
}

/** How many of these keys a selection holds. */
export function countSelected(selection: Selection, keys: readonly string[]): number {
  return keys.filter((key) => isSelected(selection, key)).length;
}

export function isSelected(selection: Selection, key: string): boolean {
  return selection === 'all' || selection.includes(key);
}

/**
 * The selection after some keys were ticked or unticked. Everything ticked is `all` again, so that
 * what the server offers later is in, as it was before the first change.
 */
export function changeSelection(
  selection: Selection,
  offered: readonly string[],
  changes: ReadonlyMap<string, boolean>,
): Selection {
  const before = selection === 'all' ? offered : selection;
  const after = new Set(before.filter((key) => changes.get(key) !== false));
  for (const [key, on] of changes) if (on) after.add(key);
  return offered.length > 0 && offered.every((key) => after.has(key)) ? 'all' : [...after];
}

function part(kind: PartKind, key: unknown, label: unknown, item: JsonObject): Part[] {
  if (typeof key !== 'string') return [];
  const description = typeof item.description === 'string' ? item.description : '';
  return [{ kind, key, label: typeof label === 'string' ? label : key, description }];
}
