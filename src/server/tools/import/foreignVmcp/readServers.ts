import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import {
  remoteConfigSchema,
  type ServerAuth,
  stdioConfigSchema,
  transportTypeSchema,
} from '../../../../contract/servers.ts';
import {
  type ToolOverride,
  toolOverrideSchema,
  type VmcpExport,
} from '../../../../contract/vmcps.ts';
import { listAt, memberOf, objectAt, objectsAt, textAt } from '../documentReader.ts';

type ServerEntry = NonNullable<VmcpExport['mcp_servers']>[number];

/** The servers of a foreign vMCP, with what it takes of them; `notes` gets what is different. */
export function readServers(config: JsonObject, notes: string[]): ServerEntry[] {
  return objectsAt(config, 'selected_servers').flatMap((server, index) => {
    const name = textAt(server, 'name') ?? 'server';
    const definition = readDefinition(server, name, notes);
    if (!definition) return [];
    const id = textAt(server, 'server_id') ?? '';
    const overrides = readOverrides(objectAt(config, 'selected_tool_overrides'), id, name, notes);
    return [
      {
        name,
        priority: index + 1,
        ...definition,
        tools: selected(config, 'selected_tools', id) ?? 'all',
        resources: selectedResources(config, server, id),
        prompts: selected(config, 'selected_prompts', id) ?? 'all',
        overrides,
      },
    ];
  });
}

function readDefinition(server: JsonObject, name: string, notes: string[]) {
  const transport = transportTypeSchema.safeParse(server.transport_type);
  const { command, args, env, url, headers } = withoutNulls(server);
  const config =
    transport.data === 'stdio'
      ? stdioConfigSchema.safeParse({ command, args, env })
      : remoteConfigSchema.safeParse({ url, headers: ownHeaders(headers) });
  if (!transport.success || !config.success) {
    const problem = config.error?.issues[0];
    const reason = problem
      ? `${problem.path.join('.')} ${problem.message}`
      : 'its transport is not known';
    notes.push(`Server "${name}" is left out: ${reason}.`);
    return undefined;
  }
  const description = textAt(server, 'description');
  return {
    transport_type: transport.data,
    config: { ...config.data },
    ...(description && { description }),
    auth: readAuth(objectAt(server, 'auth'), name, notes),
    ...(server.enabled === false && { enabled: false }),
  };
}

function readAuth(auth: JsonObject | undefined, name: string, notes: string[]): ServerAuth {
  const type = textAt(auth, 'type') ?? 'none';
  const token = textAt(auth, 'access_token');
  if (type === 'bearer' && token) return { type: 'bearer', token };
  if (type !== 'none')
    notes.push(`Server "${name}" wants credentials (${type}): enter them again.`);
  return { type: 'none' };
}

/** What was chosen of a server; undefined: nothing was said, so that it is all. */
function selected(config: JsonObject, kind: string, id: string): string[] | undefined {
  const chosen = memberOf(objectAt(config, kind), id);
  return Array.isArray(chosen) ? chosen.filter((one) => typeof one === 'string') : undefined;
}

/** URIs, and of templates, which are chosen by name, their URI templates. */
function selectedResources(config: JsonObject, server: JsonObject, id: string): 'all' | string[] {
  const uris = selected(config, 'selected_resources', id);
  const names = selected(config, 'selected_resource_templates', id);
  if (!uris && !names) return 'all';
  const templates = objectsAt(server, 'resource_template_details').filter(
    (template) => !names || names.includes(textAt(template, 'name') ?? ''),
  );
  const allUris = listAt(server, 'resources').filter((uri) => typeof uri === 'string');
  const all = [
    ...(uris ?? allUris),
    ...templates.map((template) => textAt(template, 'uriTemplate')),
  ];
  return all.filter((uri) => uri !== undefined);
}

function readOverrides(
  all: JsonObject | undefined,
  id: string,
  server: string,
  notes: string[],
): Record<string, ToolOverride> {
  const entries = Object.entries(objectAt(all, id) ?? {}).flatMap(
    ([tool, given]): [string, ToolOverride][] => {
      if (!isJsonObject(given)) return [];
      const name = textAt(given, 'name') ?? '';
      const description = textAt(given, 'description') ?? '';
      const override = {
        ...(name !== '' && name !== tool && { name }),
        ...(description !== '' && description !== given.originalDescription && { description }),
      };
      const checked = toolOverrideSchema.safeParse(override);
      if (!checked.success) {
        notes.push(`Tool "${tool}" of "${server}" keeps its name: "${name}" is not possible here.`);
        return [[tool, { ...(description !== '' && { description }) }]];
      }
      return Object.keys(override).length > 0 ? [[tool, checked.data]] : [];
    },
  );
  return Object.fromEntries(entries);
}

/** Without what 1xn-vmcp kept there of its own connections. */
function ownHeaders(headers: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(headers)) return headers;
  const own = Object.entries(headers).filter(
    ([name]) => !/^mcp-(session-id|protocol-version)$/i.test(name),
  );
  return Object.fromEntries(own);
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
