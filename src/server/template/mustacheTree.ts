import mustache from 'mustache';
import type { Piece, TemplateNode } from './template.ts';

/** What `mustache` makes of a tag or text: its symbol, its name or text, its place, what it encloses. */
type Token = [symbol: string, value: string, start: number, end: number, tokens?: Token[]];

/** Begins names that no tag of a template can have: they stand for what is not Mustache. */
const mark = '\u0001';
const longestIndent = 200;

/**
 * Nests the sections of a text and takes out what Mustache takes out: comments, and lines with
 * nothing but a section tag. `mustache` sees the tags and, as variables, numbered pieces in place of
 * text and references; so it reads no value and no brace of the text, and little of it (it takes
 * a microsecond for each character).
 * @param pieces with balanced section tags
 */
export function mustacheTree(pieces: readonly Piece[]): TemplateNode[] {
  const numbered: TemplateNode[] = [];
  const number = (node: TemplateNode) => `{{&${mark}${numbered.push(node) - 1}}}`;
  const source = pieces.map((piece) => {
    if (piece.kind === 'text') return skeleton(piece.text, number);
    if (piece.kind !== 'tag') return number(piece);
    if (piece.sigil === '!') return '{{!}}';
    if (piece.sigil === '') return number({ ...piece, kind: 'variable' });
    return `{{${piece.sigil}${piece.name}}}`;
  });
  const writer = new mustache.Writer();
  (writer as { templateCache?: unknown }).templateCache = undefined; // it would keep every text
  return nodesOf(writer.parse(source.join('')) as Token[], numbered);
}

/** White space at the beginning and end of a text that decides on lines stays; the rest is one name. */
function skeleton(text: string, number: (node: TemplateNode) => string): string {
  const firstBreak = text.indexOf('\n');
  if (firstBreak < 0) return isBlank(text) ? text : number({ kind: 'text', text });
  const lastBreak = text.lastIndexOf('\n');
  const start = isBlank(text.slice(0, firstBreak)) ? firstBreak + 1 : 0;
  const end = isBlank(text.slice(lastBreak)) ? lastBreak : text.length;
  if (start >= end) return text;
  const inner = number({ kind: 'text', text: text.slice(start, end) });
  return `${text.slice(0, start)}${inner}${text.slice(end)}`;
}

/** Whether a text does not keep a tag from being alone on its line; a tag far to the right is not. */
function isBlank(text: string): boolean {
  return text.length <= longestIndent && text.trim() === '';
}

function nodesOf(tokens: readonly Token[], numbered: readonly TemplateNode[]): TemplateNode[] {
  return tokens.flatMap(([symbol, value, , , inner = []]): TemplateNode[] => {
    if (symbol === 'text') return [{ kind: 'text', text: value }];
    if (symbol === '#' || symbol === '^') {
      const nodes = nodesOf(inner, numbered);
      return [{ kind: 'section', name: value, inverted: symbol === '^', nodes }];
    }
    const node = symbol === '&' ? numbered[Number(value.slice(mark.length))] : undefined;
    return node ? [node] : [];
  });
}
