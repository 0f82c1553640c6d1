/** What a tree item shows, free of VS Code's classes, so that it can be tested without it. */
export interface TreeEntry {
  /** Stable over changes: VS Code keeps selection and expansion by it. */
  id: string;
  label: string;
  description?: string;
  /** Markdown. */
  tooltip?: string;
  /** Name of a product icon, and the theme colour it takes. */
  icon: string;
  iconColor?: string;
  contextValue: string;
  collapsible: 'none' | 'collapsed' | 'expanded';
  checked?: boolean;
}

/** Escapes what comes from servers, so that it stays text in a Markdown tooltip. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&');
}

/** The first line of a text, cut to what a tree shows. */
export function firstLine(text: string): string {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
