import type { ExportedResource } from '../../../contract/customItems.ts';
import type { ServerRecord } from '../../../contract/servers.ts';
import type { VmcpExport, VmcpRecord } from '../../../contract/vmcps.ts';
import type { ResourceFiles } from '../custom/resourceFiles.ts';

/** So much file content an export holds, bytes; more would not go through an import. */
const contentBudget = 20 * 1024 * 1024;

/**
 * A vMCP that stands on its own: servers by definition, files with their content (as far as an import
 * takes them), the mask in place of every secret.
 */
export async function exportVmcp(
  record: VmcpRecord,
  server: (serverId: string) => ServerRecord | undefined,
  files: ResourceFiles,
): Promise<VmcpExport> {
  return {
    name: record.name,
    description: record.description,
    mcp_servers: record.mcp_servers.map((part) => {
      const definition = server(part.server_id);
      return { ...part, ...(definition && exportServer(definition)) };
    }),
    custom_tools: record.custom_tools,
    custom_prompts: record.custom_prompts,
    custom_resources: await exportResources(record, files),
    active_config: record.active_config,
    secret_keys: record.secret_keys,
    system_prompt: record.system_prompt,
    options: record.options,
  };
}

/** Without their addresses, which belong to this vMCP alone. */
async function exportResources(
  { vmcp_id, custom_resources }: VmcpRecord,
  files: ResourceFiles,
): Promise<ExportedResource[]> {
  let room = contentBudget;
  const exported: ExportedResource[] = [];
  for (const { uri: _, updated_at: __, ...resource } of custom_resources) {
    const { file } = resource;
    if (!file || file.bytes > room) {
      exported.push(resource);
      continue;
    }
    room -= file.bytes;
    const content = await files.read(vmcp_id, file);
    exported.push({ ...resource, content_base64: content.toString('base64') });
  }
  return exported;
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
