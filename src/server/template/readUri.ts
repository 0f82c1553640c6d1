import type { Cursor } from './cursor.ts';
import type { Source } from './source.ts';

const uriCharacters = /[^\s"'`<>{}|\\^()[\]\p{Cc}]+/uy;
const uriCharactersButComma = /[^\s"'`<>{}|\\^()[\],\p{Cc}]+/uy;
const keywordArgument = /[\p{L}_][\p{L}\p{N}_]*\s*=/uy;
const maxLength = 4096;

/**
 * Reads everything up to the matching parenthesis on the same line, of which `(` is read.
 * @returns undefined for a decorator: `@resource("config://x")`, `@resource(uri=…)`, `@resource()`
 * @throws SyntaxFailure where it is not closed
 */
export function readUriInParentheses(cursor: Cursor): Source | undefined {
  cursor.match(/[^\S\n]*/y);
  const start = cursor.position;
  if (/["')\n]/.test(cursor.peek()) || cursor.match(keywordArgument)) return undefined;
  for (let open = 1; ; cursor.position += 1) {
    const next = cursor.peek();
    if (next === '(') open += 1;
    if (next === ')') open -= 1;
    if (open === 0) break;
    if (next === '' || next === '\n' || cursor.position - start > maxLength) {
      cursor.fail('The parenthesis is never closed on this line');
    }
  }
  const end = start + cursor.since(start).trimEnd().length;
  cursor.position += 1;
  return cursor.source.part(start, end);
}

/**
 * Reads characters of a URI with balanced brackets; what closes the text around it, and punctuation
 * at its end, is not part of it.
 * @param inArguments whether a comma ends it
 */
export function readDottedUri(cursor: Cursor, inArguments: boolean): Source | undefined {
  const start = cursor.position;
  if (cursor.match(keywordArgument)) return undefined; // an assignment, as in parentheses
  const open: { closer: string; at: number }[] = [];
  for (;;) {
    cursor.match(inArguments ? uriCharactersButComma : uriCharacters);
    const next = cursor.peek();
    if (next === '(' || next === '[') {
      open.push({ closer: next === '(' ? ')' : ']', at: cursor.position });
    } else if (next === '' || next !== open.at(-1)?.closer) break;
    else open.pop();
    cursor.position += 1;
  }
  let end = open[0]?.at ?? cursor.position;
  while (end > start && '.,;:!?'.includes(cursor.source.text.charAt(end - 1))) end -= 1;
  cursor.position = end;
  if (end - start > maxLength) cursor.fail(`A URI may have ${maxLength} characters`, start);
  return end > start ? cursor.source.part(start, end) : undefined;
}
