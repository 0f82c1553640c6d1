import { countSelected, isSelected, type Part, partsOf } from '../../contract/parts.ts';
import type { McpServer } from '../../contract/servers.ts';
import type { Vmcp, VmcpServer } from '../../contract/vmcps.ts';
import { contextValues } from '../ids.ts';
import type { Offer } from '../inventory.ts';
import type { Translate } from '../translate.ts';
import { partEntry } from './partEntry.ts';
import { serverIcon } from './serverEntry.ts';
import { escapeMarkdown, type TreeEntry } from './treeEntry.ts';

/** From here on models and VS Code refuse or hide tools: more than 128 fail a request. */
const toolLimit = 128;

/** A vMCP in the view *Virtual MCP servers*. */
export function vmcpEntry(vmcp: Vmcp, t: Translate): TreeEntry {
  const { tools, prompts, resources } = vmcp.counts;
  const warnings = vmcp.problems.map((problem) => problem.message);
  if (tools > toolLimit) {
    warnings.push(t('{0} tools: many models take at most {1} in a request.', tools, toolLimit));
  }
  const lines = [
    `**${escapeMarkdown(vmcp.name)}**`,
    ...(vmcp.description === '' ? [] : [escapeMarkdown(vmcp.description)]),
    t('{0} tools, {1} prompts, {2} resources', tools, prompts, resources),
    ...warnings.map((warning) => `$(warning) ${escapeMarkdown(warning)}`),
  ];
  return {
    id: vmcp.vmcp_id,
    label: vmcp.name,
    description: tools === 1 ? t('1 tool') : t('{0} tools', tools),
    tooltip: lines.join('\n\n'),
    icon: warnings.length > 0 ? 'warning' : 'layers',
    ...(warnings.length > 0 && { iconColor: 'list.warningForeground' }),
    contextValue: contextValues.vmcp,
    collapsible: vmcp.mcp_servers.length > 0 ? 'expanded' : 'none',
  };
}

/** A server's part in a vMCP. */
export function vmcpServerEntry(
  vmcp: Vmcp,
  part: VmcpServer,
  server: McpServer | undefined,
  offer: Offer | undefined,
  t: Translate,
): TreeEntry {
  const tools = offer ? partsOf(offer).filter(({ kind }) => kind === 'tools') : [];
  const keys = tools.map(({ key }) => key);
  return {
    id: `${vmcp.vmcp_id}/${part.server_id}`,
    label: part.name,
    description: offer
      ? t('{0} of {1} tools', countSelected(part.tools, keys), keys.length)
      : t('not seen yet'),
    ...(server?.last_error && { tooltip: `$(error) ${escapeMarkdown(server.last_error)}` }),
    ...(server ? serverIcon(server) : { icon: 'question' }),
    contextValue: contextValues.vmcpServer,
    collapsible: offer ? 'collapsed' : 'none',
  };
}

/** A tool, prompt or resource of a server in a vMCP, with its tick. */
export function vmcpPartEntry(
  vmcp: Vmcp,
  vmcpServer: VmcpServer,
  part: Part,
  t: Translate,
): TreeEntry {
  const entry = partEntry(part, `${vmcp.vmcp_id}/${vmcpServer.server_id}`);
  const renamed = part.kind === 'tools' ? vmcpServer.overrides[part.key]?.name : undefined;
  return {
    ...entry,
    ...(renamed !== undefined && { description: t('as {0}', renamed) }),
    checked: isSelected(vmcpServer[part.kind], part.key),
  };
}
