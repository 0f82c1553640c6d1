import type { ListKind } from '../../../contract/events.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { VmcpRecord } from '../../../contract/vmcps.ts';
import type { NameClaimsRecord } from '../../store/records.ts';
import { shortHash } from '../naming/hash.ts';
import { vmcpCapabilities } from './capabilities.ts';
import type { CompiledVmcp } from './compiledVmcp.ts';
import { compilePrompts } from './compilePrompts.ts';
import { compileResources } from './compileResources.ts';
import { compileTools } from './compileTools.ts';
import { vmcpInstructions } from './instructions.ts';
import type { ToolKinds } from './ownTools.ts';
import { type CompileIssue, type PartSources, type ServerPart, serverParts } from './serverPart.ts';

/** All that a vMCP's lists are made of. */
export interface CompileInput extends PartSources {
  record: VmcpRecord;
  /** Names given out so far; undefined for a new vMCP. */
  claims: NameClaimsRecord | undefined;
  /** See `CompiledVmcp.serverName`. */
  serverName: string;
  kinds: ToolKinds;
  /** Tools of a server that wait for the acceptance of their change, by its own names. */
  held(serverId: string): ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
}

export interface Compilation {
  compiled: CompiledVmcp;
  issues: CompileIssue[];
  claims: NameClaimsRecord;
  /** Whether `claims` differ from those before and must be kept. */
  claimsChanged: boolean;
}

/** Makes a vMCP's lists and look-ups from its configuration. The same input gives the same result. */
export function compileVmcp(input: CompileInput): Compilation {
  const { record, now } = input;
  const parts = serverParts(record, input);
  const before = input.claims?.claims ?? { tools: [], prompts: [], resources: [] };
  const resources = compileResources(record, parts, before.resources, now);
  const mapUris = (serverId: string, tool: JsonObject) => resources.map.rewrite(serverId, tool);
  const { kinds, held } = input;
  const tools = compileTools({ record, parts, claims: before.tools, now, kinds, held, mapUris });
  const prompts = compilePrompts({ record, parts, claims: before.prompts, now });
  const issues = [...tools.issues, ...prompts.issues, ...resources.issues];
  const { map, own } = resources;
  const revisions: Record<ListKind, string> = {
    tools: hashOf(tools.tools),
    prompts: hashOf(prompts.prompts),
    resources: hashOf([resources.resources, resources.resourceTemplates]),
  };
  const compiled: CompiledVmcp = {
    record,
    revision: hashOf(revisions),
    revisions,
    problems: issues.map(({ problem }) => problem),
    ...facts(input, parts),
    tools: tools.tools,
    canonicalTools: tools.canonicalTools,
    prompts: prompts.prompts,
    canonicalPrompts: prompts.canonicalPrompts,
    resources: resources.resources,
    resourceTemplates: resources.resourceTemplates,
    resolveTool: (name) => tools.routes.get(name),
    heldTool: (name) => tools.held.get(name),
    resolvePrompt: (name) => prompts.routes.get(name),
    resolveResource: (uri, mentionedBy) => own.byUri.get(uri) ?? map.resolve(uri, mentionedBy),
    ownResource: (name) => own.byName.get(name),
    resolveTemplate: (uriTemplate) => map.resolveTemplate(uriTemplate),
    listedUri: (serverId, uri) => map.listedUri(serverId, uri),
    rewriteUris: (serverId, value) => map.rewrite(serverId, value),
  };
  return {
    compiled,
    issues,
    claims: {
      vmcp_id: record.vmcp_id,
      claims: {
        tools: tools.names.claims,
        prompts: prompts.names.claims,
        resources: resources.uris.claims,
      },
    },
    claimsChanged: tools.names.changed || prompts.names.changed || resources.uris.changed,
  };
}

function facts({ record, serverName }: CompileInput, parts: readonly ServerPart[]) {
  return {
    serverIds: parts.map(({ part }) => part.server_id),
    servers: parts.map(({ server }) => ({ id: server.server_id, name: server.name })),
    serverName,
    instructions: vmcpInstructions(record, parts),
    capabilities: vmcpCapabilities(parts),
  };
}

function hashOf(value: unknown): string {
  return shortHash(JSON.stringify(value), 16);
}
