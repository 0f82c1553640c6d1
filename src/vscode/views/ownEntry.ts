import type { CustomTool } from '../../contract/customItems.ts';
import { secretMask } from '../../contract/secretMask.ts';
import { ownItems, type Vmcp } from '../../contract/vmcps.ts';
import { contextValues } from '../ids.ts';
import type { Translate } from '../translate.ts';
import type { ConfigNode, OwnItemNode, VmcpGroup } from './nodes.ts';
import { tokensText } from './partEntry.ts';
import { escapeMarkdown, firstLine, joined, type TreeEntry } from './treeEntry.ts';
import type { ToolFacts } from './vmcpPartEntry.ts';

const toolIcons: Record<CustomTool['tool_type'], string> = {
  prompt: 'comment-discussion',
  python: 'snake',
  http: 'globe',
  composite: 'list-tree',
};

/** The groups of a vMCP's own things, in the order in which they stand. */
export const groups: readonly VmcpGroup[] = [
  'custom-tools',
  'custom-prompts',
  'custom-resources',
  'configuration',
];

/** Keys or names of what is in a group. */
export function namesIn(vmcp: Vmcp, group: VmcpGroup): string[] {
  switch (group) {
    case 'custom-tools':
      return vmcp.custom_tools.map(({ name }) => name);
    case 'custom-prompts':
      return vmcp.custom_prompts.map(({ name }) => name);
    case 'custom-resources':
      return vmcp.custom_resources.map(({ name }) => name);
    case 'configuration':
      return Object.keys(vmcp.active_config);
  }
}

/** A group of a vMCP's own things. */
export function groupEntry(vmcp: Vmcp, group: VmcpGroup, t: Translate): TreeEntry {
  const labels: Record<VmcpGroup, string> = {
    'custom-tools': t('Custom tools'),
    'custom-prompts': t('Prompts'),
    'custom-resources': t('Resources'),
    configuration: t('Configuration'),
  };
  const icons: Record<VmcpGroup, string> = {
    'custom-tools': 'wrench',
    'custom-prompts': 'comment',
    'custom-resources': 'files',
    configuration: 'settings',
  };
  return {
    label: labels[group],
    description: String(namesIn(vmcp, group).length),
    icon: icons[group],
    contextValue: `${contextValues.vmcpGroup}.${group}`,
    collapsible: 'collapsed',
  };
}

/** A tool, prompt or resource of a vMCP's own; undefined where it is gone. */
export function ownItemEntry(
  vmcp: Vmcp,
  { list, name }: Pick<OwnItemNode, 'list' | 'name'>,
  facts: ToolFacts,
  t: Translate,
): TreeEntry | undefined {
  const contextValue = `${contextValues.ownItem}.${list}`;
  if (list === 'custom-tools') {
    const tool = vmcp.custom_tools.find((one) => one.name === name);
    return tool && { ...ownToolEntry(vmcp, tool, facts, t), contextValue };
  }
  const items = list === 'custom-prompts' ? vmcp.custom_prompts : vmcp.custom_resources;
  const item = items.find((one) => one.name === name);
  if (!item) return undefined;
  const type = 'mime_type' in item ? item.mime_type : undefined;
  return {
    label: name,
    description: joined(type, firstLine(item.description)),
    tooltip: [`**${escapeMarkdown(name)}**`, escapeMarkdown(item.description)].join('\n\n'),
    icon: list === 'custom-prompts' ? 'comment' : 'file',
    contextValue,
    collapsible: 'none',
  };
}

function ownToolEntry(vmcp: Vmcp, tool: CustomTool, { exposed }: ToolFacts, t: Translate) {
  const kinds: Record<CustomTool['tool_type'], string> = {
    prompt: t('prompt'),
    python: t('Python'),
    http: t('HTTP'),
    composite: t('composite'),
  };
  const problems = vmcp.problems
    .filter((problem) => problem.server_id === ownItems && problem.tool === tool.name)
    .map(({ message }) => message);
  return {
    label: tool.name,
    description: joined(
      kinds[tool.tool_type],
      exposed && tokensText(exposed.tokens, t),
      firstLine(tool.description),
    ),
    tooltip: [
      `**${escapeMarkdown(tool.name)}**`,
      ...(tool.description === '' ? [] : [escapeMarkdown(tool.description)]),
      ...problems.map((problem) => `$(warning) ${escapeMarkdown(problem)}`),
    ].join('\n\n'),
    icon: problems.length > 0 ? 'warning' : toolIcons[tool.tool_type],
    ...(problems.length > 0 && {
      iconColor: 'list.warningForeground',
      alsoSaid: t('warning: {0}', problems.join('; ')),
    }),
    checked: tool.enabled,
    collapsible: 'none' as const,
  };
}

/** A value of a vMCP's configuration; secrets stand as dots. */
export function configEntry(vmcp: Vmcp, { key }: Pick<ConfigNode, 'key'>, t: Translate): TreeEntry {
  const isSecret = vmcp.secret_keys.includes(key);
  const value = Object.hasOwn(vmcp.active_config, key) ? vmcp.active_config[key] : undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return {
    label: key,
    description: isSecret ? (value === secretMask ? '••••••••' : t('not set')) : firstLine(text),
    icon: isSecret ? 'lock' : 'symbol-constant',
    ...(isSecret && { alsoSaid: t('secret') }),
    contextValue: contextValues.config,
    collapsible: 'none',
  };
}
