import { createScanner, type Node, parseTree } from 'jsonc-parser';
import type { JsonValue } from '../../../contract/json.ts';
import { ConfigTextError } from '../read/draft.ts';
import { eolOf } from './eolOf.ts';

/** Kinds of tokens; the package's own names for them exist at compile time only. */
const tokens = { comma: 5, lineBreak: 14, trivia: 15 } as const;

interface Edit {
  offset: number;
  length: number;
  content: string;
}

/**
 * Sets one member of a JSON text with comments; every other byte stays. Objects on the way that are
 * missing are made.
 * @param path the members that lead to the value
 * @throws ConfigTextError where a member on the way is no object
 */
export function setJsonEntry(text: string, path: readonly string[], value: JsonValue): string {
  const style = { eol: eolOf(text), unit: indentUnit(text) };
  const root = text.trim() === '' ? undefined : parseTree(text, [], { allowTrailingComma: true });
  if (!root) {
    const made = print(wrap(path, value), 0, style);
    return `${text}${made}${style.eol}`;
  }
  let holder = root;
  for (let depth = 0; depth < path.length; depth++) {
    if (holder.type !== 'object') {
      throw new ConfigTextError(`“${path.slice(0, depth).join('.') || 'It'}” is no object.`);
    }
    const member = path[depth] ?? '';
    const found = findMember(holder, member);
    if (!found) {
      const inside = wrap(path.slice(depth + 1), value);
      return applyEdits(text, insertMember(text, holder, member, inside, depth + 1, style));
    }
    holder = found;
  }
  const content = print(value, path.length, style);
  return applyEdits(text, [{ offset: holder.offset, length: holder.length, content }]);
}

interface Style {
  eol: string;
  unit: string;
}

/** The last of that name is the one that counts. */
function findMember(holder: Node, name: string): Node | undefined {
  const members = holder.children ?? [];
  return members.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

/** After the last member, whose comma and comment stay beside it. */
function insertMember(
  text: string,
  holder: Node,
  name: string,
  value: JsonValue,
  depth: number,
  style: Style,
): Edit[] {
  const { eol, unit } = style;
  const line = `${eol}${unit.repeat(depth)}${JSON.stringify(name)}: ${print(value, depth, style)}`;
  const last = holder.children?.at(-1);
  const close = holder.offset + holder.length - 1;
  if (!last) return [insertIntoEmpty(text, holder, line, eol + unit.repeat(depth - 1))];
  const end = last.offset + last.length;
  const { comma, lineEnd } = afterMember(text, end, close);
  const needsBreak = !text.slice(lineEnd, close).includes('\n');
  const tail = needsBreak ? eol + unit.repeat(depth - 1) : '';
  if (comma) return [{ offset: lineEnd, length: 0, content: `${line},${tail}` }];
  return [
    { offset: end, length: 0, content: ',' },
    { offset: lineEnd, length: 0, content: `${line}${tail}` },
  ];
}

/** Comments in an object without members stay before the first one. */
function insertIntoEmpty(text: string, holder: Node, line: string, closing: string): Edit {
  const from = holder.offset + 1;
  const inner = text.slice(from, holder.offset + holder.length - 1);
  const comments = inner.trimEnd();
  return {
    offset: from + comments.length,
    length: inner.length - comments.length,
    content: `${line}${closing}`,
  };
}

/** Whether a comma follows a member, and where the comments on its line end. */
function afterMember(text: string, from: number, to: number): { comma: boolean; lineEnd: number } {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  let lineEnd = from;
  let comma = false;
  for (let kind = scanner.scan(); scanner.getTokenOffset() < to; kind = scanner.scan()) {
    const end = scanner.getTokenOffset() + scanner.getTokenLength();
    if (kind === tokens.comma) {
      comma = true;
      lineEnd = end;
    } else if (kind === tokens.lineBreak) {
      if (comma || !hasComma(text, end, to)) break;
    } else if (kind !== tokens.trivia) {
      lineEnd = end;
    }
  }
  return { comma, lineEnd };
}

/** A comma may stand on a line of its own. */
function hasComma(text: string, from: number, to: number): boolean {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  return scanner.scan() === tokens.comma && scanner.getTokenOffset() < to;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { offset, length, content } of edits.toReversed()) {
    result = result.slice(0, offset) + content + result.slice(offset + length);
  }
  return result;
}

function wrap(path: readonly string[], value: JsonValue): JsonValue {
  return path.reduceRight<JsonValue>((inner, member) => ({ [member]: inner }), value);
}

function print(value: JsonValue, depth: number, { eol, unit }: Style): string {
  return JSON.stringify(value, undefined, unit)
    .split('\n')
    .join(eol + unit.repeat(depth));
}

/** The indentation of the first line that has one. */
function indentUnit(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
}
