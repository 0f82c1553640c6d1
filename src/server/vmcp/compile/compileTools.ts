import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import type { ToolOverride, VmcpOptions } from '../../../contract/vmcps.ts';
import type { NameClaim } from '../../store/records.ts';
import { originOf } from '../naming/claimLedger.ts';
import { assignNames, canonicalName, type NameAssignment } from '../naming/names.ts';
import { type ArgumentPlan, planArguments } from './arguments.ts';
import type { ToolRoute } from './compiledVmcp.ts';
import { ownMember } from './ownMember.ts';
import { type CompileIssue, missingSelections, type ServerPart, selector } from './serverPart.ts';
import { distinctEntries, objectSchema } from './wellFormed.ts';

export interface CompiledTools {
  tools: JsonObject[];
  canonicalTools: JsonObject[];
  /** By listed, former and canonical names. */
  routes: ReadonlyMap<string, ToolRoute>;
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

/**
 * The tools of a vMCP. An override's `name` stands where the tool's own name would: `server_<name>`,
 * or `<name>` with plain names; the canonical form keeps the server's own name, so that what refers
 * to it survives a renaming.
 */
export function compileTools(
  parts: readonly ServerPart[],
  options: VmcpOptions,
  claims: readonly NameClaim[],
  now: number,
  mapUris: (serverId: string, tool: JsonObject) => JsonObject,
): CompiledTools {
  const issues: CompileIssue[] = [];
  const selected = parts.flatMap((part) => selectTools(part, issues));
  const plain = options.tool_names === 'plain';
  const wishes = selected.map(({ part, name, origin, override }) => {
    return { origin, server: part.server.name, name, override: override?.name, plain };
  });
  const names = assignNames(wishes, claims, now);
  issues.push(...conflictIssues(selected, names));
  const tools: JsonObject[] = [];
  const canonicalTools: JsonObject[] = [];
  const routes = new Map<string, ToolRoute>();
  const byOrigin = new Map<string, ToolRoute>();
  for (const tool of selected) {
    const plan = planOf(tool, issues);
    const route = routeOf(tool, plan, names.listed.get(tool.origin) ?? '');
    const shown = mapUris(route.serverId, shownTool(tool, plan));
    tools.push({ ...shown, name: route.listedName });
    canonicalTools.push({ ...shown, name: route.canonicalName });
    byOrigin.set(tool.origin, route);
    routes.set(route.listedName, route).set(route.canonicalName, route);
  }
  for (const [name, origin] of names.former) {
    const route = byOrigin.get(origin);
    if (route) routes.set(name, route);
  }
  return { tools, canonicalTools, routes, issues, names };
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
    applyArguments: plan.apply,
  };
}

/** The upstream's tool with what the vMCP says differently; the name is put in later. */
function shownTool({ entry, override }: SelectedTool, plan: ArgumentPlan): JsonObject {
  const tool: JsonObject = { ...entry, inputSchema: plan.inputSchema };
  if (Object.hasOwn(entry, 'outputSchema')) {
    const outputSchema = objectSchema(entry.outputSchema);
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

function conflictIssues(selected: readonly SelectedTool[], names: NameAssignment): CompileIssue[] {
  const byOrigin = new Map(selected.map((tool) => [tool.origin, tool]));
  return names.conflicts.flatMap(({ origin, wanted, holder, freeFrom }) => {
    const tool = byOrigin.get(origin);
    if (!tool) return [];
    const other = byOrigin.get(holder);
    const who = other
      ? canonicalName(other.part.server.name, other.name)
      : `"${holder.slice(holder.indexOf('\n') + 1)}", which is no longer listed`;
    const until =
      freeFrom === undefined ? '' : ` (clients may still know it; free from ${freeFrom})`;
    const message = `the name "${wanted}" belongs to ${who}${until}`;
    const problem = { server_id: tool.part.server.server_id, tool: tool.name, message };
    const path = `mcp_servers.${tool.part.index}.overrides.${tool.name}.name`;
    return [{ problem, path, refusal: 'conflict' }];
  });
}
