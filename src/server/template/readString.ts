import type { Cursor } from './cursor.ts';
import { Source } from './source.ts';

const escapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '0': '\0',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '/': '/',
  '\n': '',
};
const codeEscape = /x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})/y;

/**
 * Reads a string literal in single or double quotes, as JSON and Python write them. An unknown
 * escape stays as it is, as in Python (`\d` in a pattern).
 * @throws SyntaxFailure when it is not closed
 */
export function readString(cursor: Cursor): Source {
  const quote = cursor.peek();
  const plain = quote === '"' ? /[^"\\]*/y : /[^'\\]*/y;
  const start = cursor.position + 1;
  cursor.position = start;
  cursor.match(plain);
  if (cursor.peek() === quote) {
    cursor.position += 1;
    return cursor.source.part(start, cursor.position - 1);
  }
  cursor.position = start;
  return readEscapedString(cursor, quote, plain);
}

function readEscapedString(cursor: Cursor, quote: string, plain: RegExp): Source {
  let text = '';
  const origins: number[] = [];
  for (;;) {
    const start = cursor.position;
    text += cursor.match(plain)?.[0] ?? '';
    for (let at = start; at < cursor.position; at++) origins.push(cursor.source.origin(at));
    const at = cursor.source.origin(cursor.position);
    if (cursor.take(quote)) return new Source(text, [...origins, at]);
    if (!cursor.take('\\')) cursor.fail(`A string that begins with ${quote} is never closed`);
    const decoded = readEscape(cursor);
    text += decoded;
    if (decoded !== '') origins.push(at);
  }
}

/** What follows a backslash. */
function readEscape(cursor: Cursor): string {
  const [, two, four] = cursor.match(codeEscape) ?? [];
  const code = two ?? four;
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  const character = cursor.peek();
  const meant = Object.hasOwn(escapes, character) ? escapes[character] : undefined;
  if (meant === undefined) return '\\';
  cursor.position += 1;
  return meant;
}
