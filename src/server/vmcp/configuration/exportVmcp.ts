import type { ServerRecord } from '../../../contract/servers.ts';
import type { VmcpExport, VmcpRecord } from '../../../contract/vmcps.ts';

/** A vMCP that stands on its own: servers by definition, the mask in place of every secret. */
export function exportVmcp(
  record: VmcpRecord,
  server: (serverId: string) => ServerRecord | undefined,
): VmcpExport {
  return {
    name: record.name,
    description: record.description,
    mcp_servers: record.mcp_servers.map((part) => {
      const definition = server(part.server_id);
      return { ...part, ...(definition && exportServer(definition)) };
    }),
    active_config: record.active_config,
    secret_keys: record.secret_keys,
    system_prompt: record.system_prompt,
    options: record.options,
  };
}

/** What another machine needs to make the same server. */
function exportServer(record: ServerRecord) {
  const { name, description, transport_type, config, auth } = record;
  const { enabled, start, call_timeout_s, withheld_capabilities } = record;
  return {
    ...{ name, description, transport_type, config: { ...config }, auth: { ...auth } },
    ...{ enabled, start, call_timeout_s, withheld_capabilities },
  };
}
