import type { JsonObject } from '../../../contract/json.ts';
import { ownItems, type VmcpRecord } from '../../../contract/vmcps.ts';
import type { NameClaim } from '../../store/records.ts';
import { originOf } from '../naming/claimLedger.ts';
import { assignNames, canonicalName, type NameAssignment } from '../naming/names.ts';
import type { PromptRoute } from './compiledVmcp.ts';
import { conflictIssues } from './nameIssues.ts';
import { ownPrompts } from './ownPrompts.ts';
import { type CompileIssue, missingSelections, type ServerPart, selector } from './serverPart.ts';
import { distinctEntries } from './wellFormed.ts';

export interface CompiledPrompts {
  prompts: JsonObject[];
  canonicalPrompts: JsonObject[];
  /** By listed, former and canonical names. */
  routes: ReadonlyMap<string, PromptRoute>;
  issues: CompileIssue[];
  names: NameAssignment;
}

/** What the prompts of a vMCP are made from. */
export interface PromptSources {
  record: VmcpRecord;
  parts: readonly ServerPart[];
  claims: readonly NameClaim[];
  /** Milliseconds since 1970. */
  now: number;
}

/** The prompts of a vMCP, named like its tools: its own, its prompt tools, those of its servers. */
export function compilePrompts({ record, parts, claims, now }: PromptSources): CompiledPrompts {
  const issues: CompileIssue[] = [];
  const own = ownPrompts(record);
  const selected = parts.flatMap((part) => {
    const entries = distinctEntries(part.catalog?.prompts ?? [], 'name');
    issues.push(...missingSelections(part, 'prompts', new Set(entries.map(({ id }) => id))));
    const isSelected = selector(part.part.prompts);
    return entries
      .filter(({ id }) => isSelected(id))
      .map(({ id, entry }) => ({
        part,
        name: id,
        entry,
        origin: originOf(part.part.server_id, id),
      }));
  });
  const plain = record.options.tool_names === 'plain';
  const wishes = selected.map(({ part, name, origin }) => {
    return { origin, server: part.server.name, name, plain };
  });
  const names = assignNames([...own.map(({ wish }) => wish), ...wishes], claims, now);
  issues.push(...own.flatMap((prompt) => prompt.issues), ...conflictIssues(own, names));
  const routes = new Map<string, PromptRoute>();
  const byOrigin = new Map<string, PromptRoute>();
  for (const { prompt, origin, canonical } of own) {
    const listedName = names.listed.get(origin) ?? '';
    const route = {
      ...{ serverId: ownItems, name: prompt.name, listedName },
      ...{ canonicalName: canonical, own: prompt },
    };
    byOrigin.set(origin, route);
    routes.set(listedName, route).set(canonical, route);
  }
  for (const { part, name, origin } of selected) {
    const listedName = names.listed.get(origin) ?? '';
    const canonical = canonicalName(part.server.name, name);
    const route = { serverId: part.part.server_id, name, listedName, canonicalName: canonical };
    byOrigin.set(origin, route);
    routes.set(listedName, route);
    // A server called like the own items would otherwise stand before them.
    if (!routes.get(canonical)?.own) routes.set(canonical, route);
  }
  for (const [name, origin] of names.former) {
    const route = byOrigin.get(origin);
    if (route) routes.set(name, route);
  }
  const entries = [
    ...own.map(({ shown, origin }) => ({ entry: shown, origin })),
    ...selected.map(({ entry, origin }) => ({ entry: mendArguments(entry), origin })),
  ];
  const show = (name: (route: PromptRoute) => string) =>
    entries.map(({ entry, origin }) => {
      const route = byOrigin.get(origin);
      return { ...entry, name: route ? name(route) : '' };
    });
  return {
    prompts: show((route) => route.listedName),
    canonicalPrompts: show((route) => route.canonicalName),
    routes,
    issues,
    names,
  };
}

/** Clients reject a list for a prompt whose arguments are no list. */
function mendArguments(entry: JsonObject): JsonObject {
  if (!Object.hasOwn(entry, 'arguments') || Array.isArray(entry.arguments)) return entry;
  const { arguments: _, ...rest } = entry;
  return rest;
}
