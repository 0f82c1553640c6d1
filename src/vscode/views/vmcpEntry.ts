import type { McpServer } from '../../contract/servers.ts';
import type { Vmcp, VmcpServer } from '../../contract/vmcps.ts';
import { contextValues } from '../ids.ts';
import type { Translate } from '../translate.ts';
import { tokensText, toolsText } from './partEntry.ts';
import { serverIcon, statusText } from './serverEntry.ts';
import { escapeMarkdown, joined, type TreeEntry } from './treeEntry.ts';

/** VS Code gives a model no more tools than these; the others are left out, or the request fails. */
export const toolLimit = 128;

/** A vMCP in the view *Virtual MCP servers*. */
export function vmcpEntry(vmcp: Vmcp, t: Translate): TreeEntry {
  const { tools, prompts, resources } = vmcp.counts;
  const warnings = vmcp.problems.map((problem) => problem.message);
  if (tools > toolLimit) {
    warnings.unshift(t('{0} tools: VS Code gives a model at most {1}.', tools, toolLimit));
  }
  const changed = changedText(vmcp, t);
  if (changed !== undefined) warnings.unshift(changed);
  const lines = [
    `**${escapeMarkdown(vmcp.name)}**`,
    ...(vmcp.description === '' ? [] : [escapeMarkdown(vmcp.description)]),
    t('{0} tools, {1} prompts, {2} resources', tools, prompts, resources),
    ...(tools === 0
      ? []
      : [t('Its tools take about {0} tokens of a model’s context.', vmcp.tokens)]),
    ...warnings.map((warning) => `$(warning) ${escapeMarkdown(warning)}`),
  ];
  return {
    label: vmcp.name,
    description: joined(
      changed,
      toolsText(tools, t),
      tools > toolLimit ? t('more than {0}', toolLimit) : undefined,
      tools > 0 ? tokensText(vmcp.tokens, t) : undefined,
    ),
    tooltip: lines.join('\n\n'),
    icon: warnings.length > 0 ? 'warning' : 'layers',
    ...(warnings.length > 0 && {
      iconColor: 'list.warningForeground',
      alsoSaid: t('warning: {0}', warnings.join('; ')),
    }),
    contextValue: changed === undefined ? contextValues.vmcp : `${contextValues.vmcp}.changed`,
    collapsible: isEmpty(vmcp) ? 'none' : 'expanded',
  };
}

/** That tools of its servers are not what was accepted. */
function changedText({ tool_changes }: Vmcp, t: Translate): string | undefined {
  const { held_back, noticed } = tool_changes;
  if (held_back > 0)
    return held_back === 1 ? t('1 tool held back') : t('{0} tools held back', held_back);
  if (noticed > 0) return noticed === 1 ? t('1 tool changed') : t('{0} tools changed', noticed);
  return undefined;
}

function isEmpty(vmcp: Vmcp): boolean {
  const { mcp_servers, custom_tools, custom_prompts, custom_resources, active_config } = vmcp;
  const own = custom_tools.length + custom_prompts.length + custom_resources.length;
  return mcp_servers.length + own + Object.keys(active_config).length === 0;
}

/** A server's part in a vMCP. */
export function vmcpServerEntry(
  part: VmcpServer,
  server: McpServer | undefined,
  t: Translate,
): TreeEntry {
  const catalog = server?.catalog;
  const error = server?.last_error;
  const state = server ? statusText(server, t) : '';
  return {
    label: part.name,
    description: catalog ? tickedText(part, catalog.tools, t) : t('not seen yet'),
    tooltip: [
      `**${escapeMarkdown(part.name)}**`,
      t('Drag it up or down: servers that stand higher come first in lists.'),
      ...(state === '' ? [] : [state]),
      ...(error ? [`$(error) ${escapeMarkdown(error)}`] : []),
    ].join('\n\n'),
    ...(server ? serverIcon(server) : { icon: 'question' }),
    ...(state !== '' && { alsoSaid: state }),
    contextValue: contextValues.vmcpServer,
    collapsible: catalog ? 'collapsed' : 'none',
  };
}

function tickedText({ tools }: VmcpServer, offered: number, t: Translate): string {
  if (tools === 'all') return toolsText(offered, t);
  return t('{0} of {1} tools', Math.min(tools.length, offered), offered);
}
