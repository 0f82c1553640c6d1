import type { Part, PartKind } from '../../contract/parts.ts';
import type { Translate } from '../translate.ts';
import { escapeMarkdown, firstLine, joined, type TreeEntry } from './treeEntry.ts';

const icons: Record<PartKind, string> = {
  tools: 'tools',
  prompts: 'comment',
  resources: 'file',
};

/** A tool, prompt or resource of a server. @param tokens about how many it takes; undefined: not known */
export function partEntry(part: Part, tokens: number | undefined, t: Translate): TreeEntry {
  const size = tokens === undefined ? undefined : tokensText(tokens, t);
  return {
    label: part.label,
    description: joined(size, firstLine(part.description)),
    tooltip: partTooltip(part, []),
    icon: icons[part.kind],
    contextValue: part.kind,
    collapsible: 'none',
  };
}

/** @param more lines of Markdown between the name and the description */
export function partTooltip(part: Part, more: readonly string[]): string {
  const heading = `**${escapeMarkdown(part.label)}**`;
  const key = part.key === part.label ? [] : [escapeMarkdown(part.key)];
  const text = part.description === '' ? [] : [escapeMarkdown(part.description)];
  return [heading, ...key, ...more, ...text].join('\n\n');
}

/** A size as it is shown everywhere: never more exact than it is. */
export function tokensText(tokens: number, t: Translate): string {
  if (tokens < 1000) return t('≈ {0} tokens', tokens);
  const thousands = tokens / 1000;
  return t('≈ {0}k tokens', thousands < 10 ? thousands.toFixed(1) : Math.round(thousands));
}

export function toolsText(tools: number, t: Translate): string {
  return tools === 1 ? t('1 tool') : t('{0} tools', tools);
}
