import type { ServerRecord } from '../../../contract/servers.ts';
import {
  type CreateVmcp,
  type ExposedTools,
  type UpdateVmcp,
  type Vmcp,
  type VmcpRecord,
  type VmcpServerInput,
  vmcpOptionsSchema,
} from '../../../contract/vmcps.ts';
import { InvalidError } from '../../appErrors.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import { sumOf, type ToolSizes } from '../compile/toolSizes.ts';
import { changedCustomItems } from './customItemRecords.ts';

type ServerLookup = (serverId: string) => ServerRecord | undefined;
type Part = VmcpRecord['mcp_servers'][number];

/** A vMCP of the given name without anything in it. */
export function emptyVmcpRecord(vmcpId: string, name: string, at: string): VmcpRecord {
  return {
    vmcp_id: vmcpId,
    name,
    description: '',
    mcp_servers: [],
    custom_tools: [],
    custom_prompts: [],
    custom_resources: [],
    active_config: {},
    secret_keys: [],
    system_prompt: '',
    options: vmcpOptionsSchema.parse({}),
    created_at: at,
    updated_at: at,
  };
}

/**
 * The record after a PUT (or, from an empty one, a POST); its `updated_at` is still the old one.
 * @param at timestamp of what is new in it
 * @throws InvalidError for unknown or repeated servers, ConflictError for repeated names of own items
 */
export function changedVmcpRecord(
  before: VmcpRecord,
  body: UpdateVmcp | CreateVmcp,
  server: ServerLookup,
  at: string,
): VmcpRecord {
  const { mcp_servers } = body;
  return {
    ...before,
    name: body.name ?? before.name,
    description: changed(body.description, before.description, ''),
    mcp_servers:
      mcp_servers === undefined
        ? before.mcp_servers
        : changedParts(before.mcp_servers, mcp_servers ?? [], server),
    ...changedCustomItems(before, body, at),
    active_config: changed(body.active_config, before.active_config, {}),
    secret_keys: changed(body.secret_keys, before.secret_keys, []),
    system_prompt: changed(body.system_prompt, before.system_prompt, ''),
    options: changed(body.options, before.options, vmcpOptionsSchema.parse({})),
  };
}

function changed<T>(value: T | null | undefined, before: T, cleared: T): T {
  return value === null ? cleared : (value ?? before);
}

/**
 * The list replaces the former one; of a server that was in it before, what is left out stays, so that
 * a new priority does not undo a selection.
 */
function changedParts(
  before: readonly Part[],
  inputs: readonly VmcpServerInput[],
  server: ServerLookup,
): Part[] {
  const seen = new Set<string>();
  return inputs.map((input, index) => {
    const { server_id } = input;
    const path = `mcp_servers.${index}.server_id`;
    if (!server(server_id)) throw new InvalidError(`There is no server "${server_id}"`, path);
    if (seen.has(server_id)) {
      throw new InvalidError(`Server "${server_id}" stands in the list twice`, path);
    }
    seen.add(server_id);
    const known = before.find((part) => part.server_id === server_id);
    return {
      server_id,
      priority: input.priority ?? known?.priority ?? index + 1,
      tools: input.tools ?? known?.tools ?? 'all',
      resources: input.resources ?? known?.resources ?? 'all',
      prompts: input.prompts ?? known?.prompts ?? 'all',
      overrides: input.overrides ?? known?.overrides ?? {},
    };
  });
}

/** What a vMCP lists, tool by tool. */
export function showExposedTools(compiled: CompiledVmcp, sizes: ToolSizes): ExposedTools {
  const tokens = sizes.ofTools(compiled.tools);
  const tools = compiled.tools.flatMap(({ name }, index) => {
    const route = compiled.resolveTool(String(name));
    if (!route) return [];
    const { serverId: server_id, name: tool, listedName, canonicalName: canonical_name } = route;
    return [{ server_id, tool, name: listedName, canonical_name, tokens: tokens[index] ?? 0 }];
  });
  return { tools };
}

/** A vMCP as REST shows it. */
export function showVmcp(
  record: VmcpRecord,
  compiled: CompiledVmcp,
  server: ServerLookup,
  sizes: ToolSizes,
): Omit<Vmcp, 'tool_changes'> {
  return {
    ...record,
    mcp_servers: record.mcp_servers.map(({ server_id, ...part }) => {
      return { server_id, name: server(server_id)?.name ?? server_id, ...part };
    }),
    problems: [...compiled.problems],
    revision: compiled.revision,
    counts: {
      tools: compiled.tools.length,
      resources: compiled.resources.length,
      prompts: compiled.prompts.length,
    },
    tokens: sumOf(sizes.ofTools(compiled.tools)),
  };
}
