import { isJsonObject } from '../../../contract/json.ts';
import type { McpServer } from '../../../contract/servers.ts';
import type { CreateVmcp, VmcpFromTemplate, VmcpServerInput } from '../../../contract/vmcps.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { Servers } from './servers.ts';

export interface TemplateSources {
  servers: Pick<Servers, 'list' | 'get'>;
  upstreams: Pick<Upstreams, 'catalog'>;
}

/**
 * What a new vMCP is made of by a template.
 * @returns its definition, and in words what could not be taken
 * @throws NotFoundError for an unknown server
 */
export function fromTemplate(
  { name, description, template, server_ids }: VmcpFromTemplate,
  { servers, upstreams }: TemplateSources,
): { body: CreateVmcp; notes: string[] } {
  const notes: string[] = [];
  const chosen = server_ids
    ? server_ids.map((id) => servers.get(id))
    : servers.list().filter(({ enabled }) => enabled);
  const parts = template === 'blank' ? [] : chosen;
  const mcp_servers = parts.map((server, index): VmcpServerInput => {
    const part = { server_id: server.server_id, priority: index + 1 };
    if (template === 'all') return part;
    return { ...part, tools: readOnlyTools(server, upstreams, notes) };
  });
  return { body: { name, ...(description !== undefined && { description }), mcp_servers }, notes };
}

/** The tools that a server itself calls read-only. Those that come later are not among them. */
function readOnlyTools(
  { server_id, name }: McpServer,
  upstreams: TemplateSources['upstreams'],
  notes: string[],
): string[] {
  const catalog = upstreams.catalog(server_id);
  if (!catalog) {
    notes.push(`“${name}” was never connected, so that none of its tools is chosen.`);
    return [];
  }
  return catalog.tools.flatMap(({ name: tool, annotations }) => {
    const isReadOnly = isJsonObject(annotations) && annotations.readOnlyHint === true;
    return isReadOnly && typeof tool === 'string' ? [tool] : [];
  });
}
