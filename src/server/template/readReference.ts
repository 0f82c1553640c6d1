import type { Cursor } from './cursor.ts';
import { maxNesting, readArguments, type ValueReader } from './readArguments.ts';
import { readDottedUri, readUriInParentheses } from './readUri.ts';
import type { CallReference, Reference, ResourceReference } from './template.ts';

/** What reading a reference needs of the parser. */
export type NestedParser = Omit<ValueReader, 'reference'>;

interface Place {
  cursor: Cursor;
  reader: ValueReader;
  depth: number;
  /** Whether the reference stands in another one's arguments. */
  inArguments: boolean;
}

type Unplaced<Found extends Reference> = Omit<Found, 'start' | 'end' | 'written'>;

const head = /@(?:(param|config)[.:]([\p{L}\p{N}_]+)|(tool|prompt|resource)([.(]))/uy;
/** It may hold spaces; what begins with a quote or is a keyword argument is no name. */
const nameInParentheses = /\s*([^\s,()"'=@{}[\]<>][^,()"'=@{}[\]\n]*)/y;
const dottedName = /[\p{L}\p{N}_]+(?:(?:\.|-+)[\p{L}\p{N}_]+)*/uy;
const maxName = 256;

/** Whether an `@` begins what looks like a reference. */
export function looksLikeReference(text: string, at: number): boolean {
  head.lastIndex = at;
  return head.test(text);
}

/**
 * Reads the reference that begins with the `@` here; undefined where the text is none, e.g. a
 * decorator like `@tool("x")`.
 * @throws SyntaxFailure for what begins as a reference and is malformed
 */
export function readReference(
  cursor: Cursor,
  parser: NestedParser,
  depth: number,
): Reference | undefined {
  const reader: ValueReader = {
    ...parser,
    reference: (at, level) => read({ cursor: at, reader, depth: level, inArguments: true }),
  };
  return read({ cursor, reader, depth, inArguments: false });
}

function read(place: Place): Reference | undefined {
  const { cursor, depth, reader } = place;
  const start = cursor.position;
  const match = cursor.match(head);
  if (!match) return undefined;
  if (depth > maxNesting) cursor.fail(`Nested deeper than ${maxNesting} levels`, start);
  reader.spend(start);
  const [, value, name, awaited, opening] = match;
  let found: Unplaced<Reference> | undefined;
  if (value !== undefined && name !== undefined) {
    found = { kind: value === 'param' ? 'param' : 'config', name };
  } else if (awaited === 'resource') {
    found = readResource(place, opening === '(');
  } else if (awaited !== undefined) {
    found = readCall(place, awaited === 'tool' ? 'tool' : 'prompt', opening === '(');
  }
  if (!found) {
    cursor.position = start;
    return undefined;
  }
  const span = { start: cursor.source.origin(start), end: cursor.source.origin(cursor.position) };
  return { ...found, ...span, written: cursor.since(start) } as Reference;
}

function readCall(
  { cursor, reader, depth }: Place,
  kind: CallReference['kind'],
  inParentheses: boolean,
): Unplaced<CallReference> | undefined {
  const name = inParentheses
    ? cursor.match(nameInParentheses)?.[1]?.trim()
    : cursor.match(dottedName)?.[0];
  if (name === undefined || name.length > maxName) return undefined;
  if (!inParentheses) {
    return { kind, name, arguments: cursor.take('(') ? readArguments(cursor, reader, depth) : [] };
  }
  cursor.skipSpace();
  if (cursor.take(')')) return { kind, name, arguments: [] };
  if (cursor.take(',')) return { kind, name, arguments: readArguments(cursor, reader, depth) };
  return cursor.peek() === '' ? cursor.fail('The parenthesis is never closed') : undefined;
}

function readResource(
  { cursor, reader, depth, inArguments }: Place,
  inParentheses: boolean,
): Unplaced<ResourceReference> | undefined {
  const uri = inParentheses ? readUriInParentheses(cursor) : readDottedUri(cursor, inArguments);
  return uri && { kind: 'resource', name: reader.string(uri, depth + 1) };
}
