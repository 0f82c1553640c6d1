import type { VmcpExport } from '../../../../contract/vmcps.ts';
import type { ForeignServer, ForeignVmcp } from './foreignFile.ts';

type ServerEntry = NonNullable<VmcpExport['mcp_servers']>[number];
type Config = ForeignVmcp['vmcp_config'];

/** 1xn-vmcp kept these of its own connections in a server's headers. */
const sessionHeaders = ['mcp-session-id', 'mcp-protocol-version'];
const legalToolName = /^[A-Za-z0-9_-]{1,46}$/;

/** The servers of a 1xn-vmcp file with what is selected of them. */
export function foreignServers(config: Config, notes: string[]): ServerEntry[] {
  return (config.selected_servers ?? []).flatMap((server): ServerEntry[] => {
    const connection = connectionOf(server);
    if (!connection) {
      notes.push(`Server "${server.name}" is left out: the file does not say how to reach it.`);
      return [];
    }
    if (server.auth?.type === 'oauth') {
      notes.push(`Server "${server.name}" wants OAuth: sign in again when it is connected.`);
    }
    const of = (list: Record<string, string[]> | null | undefined) => list?.[server.server_id];
    return [
      {
        name: server.name,
        ...(server.description && { description: server.description }),
        ...connection,
        enabled: server.enabled ?? true,
        tools: of(config.selected_tools) ?? 'all',
        prompts: of(config.selected_prompts) ?? 'all',
        resources: selectedResources(server, config),
        overrides: overridesOf(server, config, notes),
      },
    ];
  });
}

function connectionOf(server: ForeignServer) {
  const { transport_type, command, args, env, url, headers, auth } = server;
  if (transport_type === 'stdio' || (!url && command)) {
    return command
      ? { transport_type: 'stdio', config: { command, args: args ?? [], env: env ?? {} } }
      : undefined;
  }
  if (!url) return undefined;
  const own = Object.entries(headers ?? {}).filter(
    ([name]) => !sessionHeaders.includes(name.toLowerCase()),
  );
  return {
    transport_type: transport_type === 'sse' ? 'sse' : 'http',
    config: { url, headers: Object.fromEntries(own) },
    ...(auth?.type === 'bearer' &&
      auth.access_token && { auth: { type: 'bearer', token: auth.access_token } }),
  };
}

/** Templates are selected by name there, by themselves here. */
function selectedResources(server: ForeignServer, config: Config): 'all' | string[] {
  const uris = config.selected_resources?.[server.server_id];
  const templateNames = config.selected_resource_templates?.[server.server_id];
  if (!uris && !templateNames) return 'all';
  const templates = (server.resource_template_details ?? []).flatMap(({ name, uriTemplate }) => {
    const isSelected = !templateNames || (name && templateNames.includes(name));
    return uriTemplate && isSelected ? [uriTemplate] : [];
  });
  return [...(uris ?? []), ...templates];
}

function overridesOf(server: ForeignServer, config: Config, notes: string[]) {
  const given = Object.entries(config.selected_tool_overrides?.[server.server_id] ?? {});
  const overrides = given.flatMap(([tool, { name, description }]) => {
    const isNew = Boolean(name) && name !== tool;
    if (isNew && !legalToolName.test(name ?? '')) {
      notes.push(`Tool "${tool}" of server "${server.name}" cannot be called "${name}".`);
    }
    const override = {
      ...(isNew && legalToolName.test(name ?? '') && { name: name ?? tool }),
      ...(description && { description }),
    };
    return Object.keys(override).length > 0 ? [[tool, override] as const] : [];
  });
  return Object.fromEntries(overrides);
}
