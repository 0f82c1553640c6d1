import type { Part, PartKind } from '../../contract/parts.ts';
import { escapeMarkdown, firstLine, type TreeEntry } from './treeEntry.ts';

const icons: Record<PartKind, string> = {
  tools: 'tools',
  prompts: 'comment',
  resources: 'file',
};

/** A tool, prompt or resource in either tree. */
export function partEntry(part: Part, parentId: string): TreeEntry {
  const heading = `**${escapeMarkdown(part.label)}**`;
  const key = part.key === part.label ? '' : `\n\n${escapeMarkdown(part.key)}`;
  const text = part.description === '' ? '' : `\n\n${escapeMarkdown(part.description)}`;
  return {
    id: `${parentId}/${part.kind}/${part.key}`,
    label: part.label,
    description: firstLine(part.description),
    tooltip: `${heading}${key}${text}`,
    icon: icons[part.kind],
    contextValue: part.kind,
    collapsible: 'none',
  };
}
