import { withoutIcons } from '../commands/adding/withoutIcons.ts';
import { withoutLinks } from '../review/plainSight.ts';

/** A foreign text for notifications, prompts and lists: nothing of it becomes a link or an icon. */
export function foreignText(text: string): string {
  return withoutIcons(withoutLinks(text));
}

/** The text in lines of a length that lists show whole, cut between words where there are any. */
export function linesOf(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let rest = line.trim();
    while (rest.length > width) {
      const space = rest.lastIndexOf(' ', width);
      const end = space > 0 ? space : width;
      lines.push(rest.slice(0, end));
      rest = rest.slice(end).trimStart();
    }
    return [...lines, rest];
  });
}
