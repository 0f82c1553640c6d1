import { type Node, parseTree } from 'jsonc-parser';

/** A string value in a JSON text. */
export interface JsonString {
  value: string;
  /** Where a position in the value (UTF-16 units) stands in the text. */
  offsetOf(position: number): number;
  /** In the text, quotes included. */
  start: number;
  end: number;
}

/** All string values of a JSON text, names of members left out; of broken ones as far as they go. */
export function jsonStrings(text: string): JsonString[] {
  const root = parseTree(text);
  return root ? stringsIn(root, text) : [];
}

function stringsIn(node: Node, text: string): JsonString[] {
  if (node.type === 'property') {
    const [, value] = node.children ?? [];
    return value ? stringsIn(value, text) : [];
  }
  if (node.type !== 'string')
    return (node.children ?? []).flatMap((child) => stringsIn(child, text));
  const { offset, length } = node;
  const raw = text.slice(offset + 1, offset + length - 1);
  return [
    {
      value: String(node.value),
      offsetOf: (position) => offset + 1 + rawLength(raw, position),
      start: offset,
      end: offset + length,
    },
  ];
}

/** How much of a string's source its first characters take. */
function rawLength(raw: string, characters: number): number {
  if (!raw.includes('\\')) return Math.min(characters, raw.length);
  let taken = 0;
  const units = /\\u[0-9a-fA-F]{4}|\\.|[^\\]/gsy;
  for (let read = 0; read < characters; read += 1) {
    const unit = units.exec(raw);
    if (!unit) break;
    taken = units.lastIndex;
  }
  return taken;
}
