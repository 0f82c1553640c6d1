import type { CustomPrompt } from '../../contract/customItems.ts';

type Message = NonNullable<CustomPrompt['messages']>[number];

/** A line of its own in the text of a prompt with several messages: what follows is of that role. */
const roleLine = /^(\\*)<!-- (user|assistant) -->$/;

/** The text of a prompt as a document: a single text is itself, messages stand below their roles. */
export function promptText({ text, messages }: CustomPrompt): string {
  if (!messages) return escapeRoleLines(text ?? '');
  return messages.map((m) => `<!-- ${m.role} -->\n${escapeRoleLines(m.text)}`).join('\n');
}

/** One text, or messages with the place of each in the document. */
export type PromptContent =
  | { text: string; messages?: undefined }
  | { text?: undefined; messages: (Message & { line: number })[] };

/** Reads a document as `promptText` writes it. What stands before the first role is the user's. */
export function parsePromptText(document: string): PromptContent {
  const lines = document.split('\n');
  const messages: { role: Message['role']; lines: string[]; line: number }[] = [];
  let isSingle = true;
  for (const [index, line] of lines.entries()) {
    const [, escapes = '', role] = roleLine.exec(line.trimEnd()) ?? [];
    if (role !== undefined && escapes === '') {
      const isAtStart = messages.every((message) => message.lines.join('').trim() === '');
      if (isSingle && isAtStart) messages.length = 0;
      isSingle = false;
      messages.push({ role: role as Message['role'], lines: [], line: index + 1 });
      continue;
    }
    if (messages.length === 0) messages.push({ role: 'user', lines: [], line: 0 });
    messages.at(-1)?.lines.push(role === undefined ? line : line.slice(1));
  }
  const read = messages.map(({ role, line, lines: own }) => ({ role, line, text: own.join('\n') }));
  return isSingle ? { text: read[0]?.text ?? '' } : { messages: read };
}

function escapeRoleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (roleLine.test(line.trimEnd()) ? `\\${line}` : line))
    .join('\n');
}
