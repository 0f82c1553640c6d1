/** What a tree item shows, free of VS Code's classes, so that it can be tested without it. */
export interface TreeEntry {
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
  /** What icons and colours say beside label and description, for screen readers. */
  alsoSaid?: string;
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

/** What is there of several texts, with dots between. */
export function joined(...texts: (string | undefined)[]): string {
  return texts.filter((text) => text).join(' · ');
}

/** All that an item says, in one line for a screen reader. */
export function accessibleLabel({ label, description, alsoSaid }: TreeEntry): string {
  return [label, description, alsoSaid].filter((text) => text).join(', ');
}
