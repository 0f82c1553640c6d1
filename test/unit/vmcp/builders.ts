import type { JsonObject } from '../../../src/contract/json.ts';
import type { ServerRecord } from '../../../src/contract/servers.ts';
import type { VmcpRecord } from '../../../src/contract/vmcps.ts';
import type { CatalogRecord, NameClaimsRecord } from '../../../src/server/store/records.ts';
import { textProblems } from '../../../src/server/tools/itemProblem.ts';
import { variablesSchema } from '../../../src/server/tools/variables.ts';
import { compileVmcp } from '../../../src/server/vmcp/compile/compile.ts';
import type { ToolKinds } from '../../../src/server/vmcp/compile/ownTools.ts';

export const startOfTime = Date.parse('2026-01-01T00:00:00.000Z');
const at = new Date(startOfTime).toISOString();

export function aServer(name: string, changes: Partial<ServerRecord> = {}): ServerRecord {
  return {
    server_id: `server_${name}`,
    name,
    description: '',
    transport_type: 'stdio',
    config: { command: 'node', args: [name], env: {} },
    auth: { type: 'none' },
    enabled: true,
    start: 'onUse',
    call_timeout_s: 600,
    withheld_capabilities: [],
    last_connected: null,
    created_at: at,
    updated_at: at,
    ...changes,
  };
}

export function aCatalog(serverId: string, changes: Partial<CatalogRecord> = {}): CatalogRecord {
  return {
    server_id: serverId,
    fetched_at: at,
    config_hash: 'x',
    server_info: { name: serverId, version: '1' },
    protocol_version: '2025-11-25',
    capabilities: { tools: {}, resources: {}, prompts: {} },
    instructions: null,
    tools: [],
    resources: [],
    resource_templates: [],
    prompts: [],
    asks_roots: false,
    asks_clients: false,
    ...changes,
  };
}

export function aTool(name: string, changes: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: 'object' }, ...changes };
}

export function aVmcp(changes: Partial<VmcpRecord> = {}): VmcpRecord {
  return {
    vmcp_id: 'vmcp_1',
    name: 'test',
    description: '',
    mcp_servers: [],
    custom_tools: [],
    custom_prompts: [],
    custom_resources: [],
    active_config: {},
    secret_keys: [],
    system_prompt: '',
    options: { tool_names: 'prefixed', substitute_arguments: false, server_instructions: true },
    created_at: at,
    updated_at: at,
    ...changes,
  };
}

type Part = VmcpRecord['mcp_servers'][number];

export function aPart(serverId: string, changes: Partial<Part> = {}): Part {
  return {
    server_id: serverId,
    priority: 1,
    tools: 'all',
    resources: 'all',
    prompts: 'all',
    overrides: {},
    ...changes,
  };
}

/** Custom tools as far as they can be known without an interpreter. */
export const kinds: ToolKinds = {
  signature: (tool) => ({
    inputSchema: variablesSchema(tool.variables),
    description: '',
    problems: tool.tool_type === 'prompt' ? textProblems(tool.text, 'text') : [],
  }),
};

/** Compiles servers with their catalogs into one vMCP, all of each selected unless `parts` says else. */
export function compileTest(options: {
  servers: { server: ServerRecord; catalog?: CatalogRecord; part?: Partial<Part> }[];
  record?: Partial<VmcpRecord>;
  claims?: NameClaimsRecord;
  now?: number;
  /** Tools that wait for acceptance. */
  held?: readonly string[];
}) {
  const { servers } = options;
  return compileVmcp({
    record: aVmcp({
      mcp_servers: servers.map(({ server, part }) => aPart(server.server_id, part)),
      ...options.record,
    }),
    server: (id) => servers.find(({ server }) => server.server_id === id)?.server,
    catalog: (id) => servers.find(({ server }) => server.server_id === id)?.catalog,
    claims: options.claims,
    serverName: 'test',
    kinds,
    held: () => new Set(options.held),
    now: options.now ?? startOfTime,
  });
}

export function namesOf(list: readonly JsonObject[]): unknown[] {
  return list.map(({ name }) => name);
}
