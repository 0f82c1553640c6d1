import { ownItems } from '../../../contract/vmcps.ts';
import { type ItemOwner, resolveItem } from '../../template/itemNames.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import { canonicalName } from './names.ts';

export type ItemKind = 'tool' | 'prompt' | 'resource';

/** Servers and own items of a vMCP, as references see them. */
interface Owner extends ItemOwner {
  /** The name (of resources: the URI) under which clients reach an item. */
  reach(item: string): string;
}

/**
 * The name, of resources the URI, under which clients reach what a reference means. What is listed
 * is itself; everything else is resolved by `resolveItem`.
 * @throws UnresolvedError
 */
export function resolveReference(compiled: CompiledVmcp, kind: ItemKind, written: string): string {
  switch (kind) {
    case 'tool': {
      const isListed = compiled.resolveTool(written) !== undefined;
      return isListed ? written : resolved(kind, written, nameOwners(compiled, 'resolveTool'));
    }
    case 'prompt': {
      const isListed = compiled.resolvePrompt(written) !== undefined;
      return isListed ? written : resolved(kind, written, nameOwners(compiled, 'resolvePrompt'));
    }
    case 'resource':
      return resolved(kind, written, resourceOwners(compiled));
  }
}

function resolved(kind: ItemKind, written: string, owners: readonly Owner[]): string {
  const { owner, item } = resolveItem(kind, written, owners);
  return owner.reach(item);
}

function nameOwners(compiled: CompiledVmcp, find: 'resolveTool' | 'resolvePrompt'): Owner[] {
  return [ownItems, ...compiled.servers.map(({ name }) => name)].map((name) => ({
    name,
    has: (item) => compiled[find](canonicalName(name, item)) !== undefined,
    reach: (item) => canonicalName(name, item),
  }));
}

/** Own resources have names; those of servers are known by their URIs, listed or not. */
function resourceOwners(compiled: CompiledVmcp): Owner[] {
  const own: Owner = {
    name: ownItems,
    has: (item) => compiled.ownResource(item) !== undefined || leadsTo(compiled, item, ownItems),
    reach: (item) => compiled.ownResource(item)?.uri ?? item,
  };
  const servers = compiled.servers.map(({ id, name }) => ({
    name,
    has: (item: string) => leadsTo(compiled, compiled.listedUri(id, item), id),
    reach: (item: string) => compiled.listedUri(id, item),
  }));
  return [own, ...servers];
}

function leadsTo(compiled: CompiledVmcp, uri: string, serverId: string): boolean {
  return compiled.resolveResource(uri, undefined).some((route) => route.serverId === serverId);
}
