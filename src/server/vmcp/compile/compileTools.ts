import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { ownItems, type ToolOverride, type VmcpRecord } from '../../../contract/vmcps.ts';
import { isModernVersion } from '../../protocol/modernProtocol.ts';
import type { NameClaim } from '../../store/records.ts';
import { originOf } from '../naming/claimLedger.ts';
import { assignNames, canonicalName, type NameAssignment } from '../naming/names.ts';
import { type ArgumentPlan, planArguments } from './arguments.ts';
import type { HeldTool, ToolRoute } from './compiledVmcp.ts';
import { conflictIssues, type NameHolder } from './nameIssues.ts';
import { ownMember } from './ownMember.ts';
import {
  itemIssues,
  type OwnTool,
  ownRoute,
  ownTools,
  shownOwnTool,
  type ToolKinds,
} from './ownTools.ts';
import { type CompileIssue, missingSelections, type ServerPart, selector } from './serverPart.ts';
import { distinctEntries, objectSchema } from './wellFormed.ts';

export interface CompiledTools {
  tools: JsonObject[];
  canonicalTools: JsonObject[];
  /** By listed, former and canonical names. */
  routes: ReadonlyMap<string, ToolRoute>;
  /** By listed and canonical names. */
  held: ReadonlyMap<string, HeldTool>;
  issues: CompileIssue[];
  names: NameAssignment;
}

/** A selected tool of one server. */
interface SelectedTool {
  part: ServerPart;
  name: string;
  origin: string;
  entry: JsonObject;
  override: ToolOverride | undefined;
}

/** What the tools of a vMCP are made from. */
export interface ToolSources {
  record: VmcpRecord;
  parts: readonly ServerPart[];
  claims: readonly NameClaim[];
  /** Milliseconds since 1970. */
  now: number;
  kinds: ToolKinds;
  held(serverId: string): ReadonlySet<string>;
  mapUris(serverId: string, tool: JsonObject): JsonObject;
}

/**
 * The tools of a vMCP: its own, then those of its servers. An override's `name` stands where the
 * tool's own name would: `server_<name>`, or `<name>` with plain names; the canonical form keeps the
 * server's own name, so that what refers to it survives a renaming.
 */
export function compileTools(sources: ToolSources): CompiledTools {
  const { record, parts, claims, now, kinds } = sources;
  const issues: CompileIssue[] = [];
  const own = ownTools(record.custom_tools);
  const selected = parts.flatMap((part) => selectTools(part, issues));
  const plain = record.options.tool_names === 'plain';
  const wishes = selected.map(({ part, name, origin, override }) => {
    return { origin, server: part.server.name, name, override: override?.name, plain };
  });
  const names = assignNames([...own.map(({ wish }) => wish), ...wishes], claims, now);
  issues.push(...conflictIssues([...own.map(ownHolder), ...selected.map(holderOf)], names));
  const tools: JsonObject[] = [];
  const canonicalTools: JsonObject[] = [];
  const routes = new Map<string, ToolRoute>();
  const byOrigin = new Map<string, ToolRoute>();
  const add = (origin: string, route: ToolRoute, shown: JsonObject) => {
    tools.push({ ...shown, name: route.listedName });
    canonicalTools.push({ ...shown, name: route.canonicalName });
    byOrigin.set(origin, route);
    routes.set(route.listedName, route);
    // A server called like the own items would otherwise stand before them.
    if (routes.get(route.canonicalName)?.own === undefined) routes.set(route.canonicalName, route);
  };
  for (const { tool, origin, path } of own) {
    const signature = kinds.signature(tool);
    issues.push(...itemIssues(signature.problems, tool.name, path, 'tool'));
    add(origin, ownRoute(tool, names.listed.get(origin) ?? ''), shownOwnTool(tool, signature));
  }
  const { held, passing } = withoutHeld(selected, sources, names);
  for (const tool of passing) {
    const plan = planOf(tool, issues);
    const route = routeOf(tool, plan, names.listed.get(tool.origin) ?? '');
    add(tool.origin, route, sources.mapUris(route.serverId, shownTool(tool, plan)));
  }
  for (const [name, origin] of names.former) {
    const route = byOrigin.get(origin);
    if (route) routes.set(name, route);
  }
  return { tools, canonicalTools, routes, held, issues, names };
}

/** Tools that are held back keep their names: nothing else gets those meanwhile. */
function withoutHeld(
  selected: readonly SelectedTool[],
  sources: ToolSources,
  names: NameAssignment,
): { passing: SelectedTool[]; held: Map<string, HeldTool> } {
  const held = new Map<string, HeldTool>();
  const passing = selected.filter(({ part, name, origin }) => {
    const { server_id, name: server } = part.server;
    if (!sources.held(server_id).has(name)) return true;
    for (const known of [names.listed.get(origin) ?? '', canonicalName(server, name)]) {
      held.set(known, { server, tool: name });
    }
    return false;
  });
  return { passing, held };
}

function selectTools(part: ServerPart, issues: CompileIssue[]): SelectedTool[] {
  const entries = distinctEntries(part.catalog?.tools ?? [], 'name');
  const present = new Set(entries.map(({ id }) => id));
  const { overrides, server_id } = part.part;
  issues.push(...missingSelections(part, 'tools', present));
  if (part.catalog) {
    for (const tool of Object.keys(overrides).filter((name) => !present.has(name))) {
      const message = `${part.server.name} has no tool "${tool}"; its override has no effect`;
      const path = `mcp_servers.${part.index}.overrides.${tool}`;
      issues.push({ problem: { server_id, tool, message }, path });
    }
  }
  const isSelected = selector(part.part.tools);
  return entries
    .filter(({ id }) => isSelected(id))
    .map(({ id, entry }) => {
      const override = ownMember(overrides, id);
      return { part, name: id, origin: originOf(server_id, id), entry, override };
    });
}

function planOf({ part, name, entry, override }: SelectedTool, issues: CompileIssue[]) {
  const schema = objectSchema(entry.inputSchema) ?? { type: 'object' };
  const plan = planArguments(schema, override?.arguments);
  for (const { argument, message, refused } of plan.issues) {
    issues.push({
      problem: { server_id: part.server.server_id, tool: name, argument, message },
      path: `mcp_servers.${part.index}.overrides.${name}.arguments.${argument}`,
      ...(refused && { refusal: 'invalid' }),
    });
  }
  return plan;
}

function routeOf({ part, name }: SelectedTool, plan: ArgumentPlan, listedName: string): ToolRoute {
  return {
    serverId: part.server.server_id,
    name,
    listedName,
    canonicalName: canonicalName(part.server.name, name),
    authored: plan.authored,
    applyArguments: plan.apply,
  };
}

/** The upstream's tool with what the vMCP says differently; the name is put in later. */
function shownTool({ part, entry, override }: SelectedTool, plan: ArgumentPlan): JsonObject {
  const tool: JsonObject = { ...entry, inputSchema: plan.inputSchema };
  if (Object.hasOwn(entry, 'outputSchema')) {
    // From 2026-07-28 on a result may be any value; each edge tells it in its own way.
    const mayBeAny = isModernVersion(part.catalog?.protocol_version ?? '');
    const outputSchema =
      mayBeAny && isJsonObject(entry.outputSchema)
        ? entry.outputSchema
        : objectSchema(entry.outputSchema);
    if (outputSchema) tool.outputSchema = outputSchema;
    else delete tool.outputSchema;
  }
  if (override?.description !== undefined) tool.description = override.description;
  if (override?.title !== undefined) {
    tool.title = override.title;
    // The older place of the title; VS Code shows it before the newer one.
    if (isJsonObject(tool.annotations) && Object.hasOwn(tool.annotations, 'title')) {
      tool.annotations = { ...tool.annotations, title: override.title };
    }
  }
  return tool;
}

function holderOf({ part, name, origin }: SelectedTool): NameHolder {
  const { server, index } = part;
  return {
    origin,
    canonical: canonicalName(server.name, name),
    problem: { server_id: server.server_id, tool: name },
    path: `mcp_servers.${index}.overrides.${name}.name`,
  };
}

function ownHolder({ tool, origin, path }: OwnTool): NameHolder {
  return {
    origin,
    canonical: canonicalName(ownItems, tool.name),
    problem: { server_id: ownItems, tool: tool.name },
    path: `${path}.name`,
  };
}
