import type { Part, PartKind } from '../../contract/parts.ts';
import type { ToolFinding } from '../../contract/toolChanges.ts';
import type { Translate } from '../translate.ts';
import { escapeMarkdown, firstLine, joined, type TreeEntry } from './treeEntry.ts';

const icons: Record<PartKind, string> = {
  tools: 'tools',
  prompts: 'comment',
  resources: 'file',
};

/**
 * A tool, prompt or resource of a server.
 * @param tokens about how many it takes; undefined: not known
 * @param findings what in its texts people should look at
 */
export function partEntry(
  part: Part,
  tokens: number | undefined,
  findings: readonly ToolFinding[],
  t: Translate,
): TreeEntry {
  const size = tokens === undefined ? undefined : tokensText(tokens, t);
  return {
    label: part.label,
    description: joined(size, firstLine(part.description)),
    tooltip: partTooltip(part, findingLines(findings, t)),
    icon: findings.length > 0 ? 'warning' : icons[part.kind],
    ...(findings.length > 0 && {
      iconColor: 'list.warningForeground',
      alsoSaid: t('its texts are odd'),
    }),
    contextValue: part.kind,
    collapsible: 'none',
  };
}

/** What is odd in the texts of a tool, as lines of Markdown. */
export function findingLines(findings: readonly ToolFinding[], t: Translate): string[] {
  return findings.slice(0, 8).map(({ place, meaning, excerpt }) => {
    const where = t('Look at this: {0} {1}', escapeMarkdown(place), escapeMarkdown(meaning));
    return `$(warning) ${where}: ${escapeMarkdown(firstLine(excerpt))}`;
  });
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
