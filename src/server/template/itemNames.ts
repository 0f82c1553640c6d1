import { UnresolvedError } from './templateError.ts';

/** A server of a vMCP, or `vmcp` for its own items, as far as names are concerned. */
export interface ItemOwner {
  name: string;
  /** Whether it has the item: a tool's or prompt's name, a resource's name or URI. */
  has(item: string): boolean;
}

/** An item and whose it is. */
export interface ResolvedItem<Owner extends ItemOwner> {
  owner: Owner;
  item: string;
}

/**
 * Resolves the name in a reference: `server.item`, where the longest name of a server that fits wins
 * and need not be written exactly (`my_server` is `My Server` unless there is a `my_server`), or an
 * item's name alone, where only one owner has it.
 * @param kind for messages
 * @throws UnresolvedError that says what is known instead
 */
export function resolveItem<Owner extends ItemOwner>(
  kind: 'tool' | 'resource' | 'prompt',
  written: string,
  owners: readonly Owner[],
): ResolvedItem<Owner> {
  const splits = splitsOf(written, owners);
  const found = splits.find(({ owner, item }) => owner.has(item));
  if (found) return found;
  const having = owners.filter((owner) => owner.has(written));
  const [only, ...others] = having;
  if (only && others.length === 0) return { owner: only, item: written };
  throw new UnresolvedError(
    `@${kind}(${written}): ${whyNot(kind, written, splits, having)}`,
    written,
  );
}

function whyNot<Owner extends ItemOwner>(
  kind: string,
  written: string,
  splits: readonly ResolvedItem<Owner>[],
  having: readonly Owner[],
): string {
  if (having.length > 0) {
    const choices = having.map(({ name }) => `${name}.${written}`).join(', ');
    return `several servers have this ${kind}; write one of ${choices}`;
  }
  const [longest] = splits;
  return longest
    ? `“${longest.owner.name}” has no ${kind} “${longest.item}” in this vMCP`
    : `there is no such ${kind} in this vMCP; write server.${kind}, or vmcp.${kind} for its own`;
}

/** All ways to read the text as `server.item`: longest name first, exact ones before similar ones. */
function splitsOf<Owner extends ItemOwner>(
  written: string,
  owners: readonly Owner[],
): ResolvedItem<Owner>[] {
  const splits: ResolvedItem<Owner>[] = [];
  for (let dot = written.lastIndexOf('.'); dot > 0; dot = written.lastIndexOf('.', dot - 1)) {
    const prefix = written.slice(0, dot);
    const item = written.slice(dot + 1);
    const exact = owners.filter(({ name }) => name === prefix);
    const similar = owners.filter(({ name }) => name !== prefix && plain(name) === plain(prefix));
    splits.push(...[...exact, ...similar].map((owner) => ({ owner, item })));
  }
  return splits;
}

/** Names that differ only in case and separators are similar. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[ _-]/g, '_');
}
