import type { JsonValue } from '../../contract/json.ts';
import type { Cursor } from './cursor.ts';
import { readString } from './readString.ts';
import type { Source } from './source.ts';
import type { Argument, ArgumentValue, Reference, Template } from './template.ts';

/** What reading arguments needs of the reader of references and of the parser. */
export interface ValueReader {
  /** Reads a reference that stands as a value; undefined where none begins. */
  reference(cursor: Cursor, depth: number): Reference | undefined;
  /** A string's text as a template. */
  string(source: Source, depth: number): Template;
  /** A template of nothing but the reference. */
  only(reference: Reference): Template;
  /** Counts a reference that begins at a place. @throws SyntaxFailure where there are too many */
  spend(at: number): void;
}

/** How deep lists, objects, strings and references in arguments may be nested. */
export const maxNesting = 32;

const identifier = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const typeCharacters = /[\p{L}\p{N}_.|\s"'[\],]{1,200}/uy;
const number = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const words: Record<string, JsonValue> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
};

/**
 * Reads the arguments of a reference up to and including `)`: one JSON object, or
 * `name: type = value` with the type left out at will.
 * @throws SyntaxFailure
 */
export function readArguments(cursor: Cursor, reader: ValueReader, depth: number): Argument[] {
  if (depth > maxNesting) cursor.fail(`Nested deeper than ${maxNesting} levels`);
  cursor.skipSpace();
  const found =
    cursor.peek() === '{'
      ? readJsonArguments(cursor, reader, depth)
      : readNamedArguments(cursor, reader, depth);
  if (cursor.take(')')) return found;
  return cursor.fail(
    cursor.peek() === '' ? 'The parenthesis is never closed' : 'Expected “,” or “)” here',
  );
}

function readJsonArguments(cursor: Cursor, reader: ValueReader, depth: number): Argument[] {
  const value = readValue(cursor, reader, depth);
  cursor.skipSpace();
  cursor.take(',');
  cursor.skipSpace();
  if (value.kind === 'object') {
    return value.members.map(([name, member]) => ({ name, value: member }));
  }
  const object = value.kind === 'constant' ? value.value : {};
  return Object.entries(object ?? {}).map(([name, member]) => ({
    name,
    value: { kind: 'constant', value: member },
  }));
}

function readNamedArguments(cursor: Cursor, reader: ValueReader, depth: number): Argument[] {
  const found = new Map<string, Argument>();
  while (cursor.peek() !== ')' && cursor.peek() !== '') {
    const start = cursor.position;
    const argument = readArgument(cursor, reader, depth);
    if (found.has(argument.name)) cursor.fail(`“${argument.name}” is given twice`, start);
    found.set(argument.name, argument);
    cursor.skipSpace();
    if (!cursor.take(',')) break;
    cursor.skipSpace();
  }
  return [...found.values()];
}

function readArgument(cursor: Cursor, reader: ValueReader, depth: number): Argument {
  const start = cursor.position;
  const name = isQuote(cursor.peek()) ? readString(cursor).text : cursor.match(identifier)?.[0];
  cursor.skipSpace();
  if (name === undefined || (cursor.peek() !== '=' && cursor.peek() !== ':')) {
    return cursor.fail('Arguments need names: write name=value, or one JSON object', start);
  }
  const type = cursor.take(':') ? readType(cursor) : undefined;
  if (!cursor.take('=')) cursor.fail(`Expected “=” and the value of “${name}”: name: type = value`);
  const value = readValue(cursor, reader, depth);
  return type === undefined ? { name, value } : { name, type, value };
}

/** A type as Python writes it, up to `=`. */
function readType(cursor: Cursor): string {
  const start = cursor.position;
  const type = cursor.match(typeCharacters)?.[0].trim() ?? '';
  if (isType(type)) return type;
  return cursor.fail('Expected a type and “=” after “:”, as in name: type = value', start);
}

/** Whether brackets are balanced and commas stand in brackets only. */
function isType(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '[') open += 1;
    if (character === ']') open -= 1;
    if (open < 0 || (open === 0 && character === ',')) return false;
  }
  return text !== '' && open === 0;
}

/**
 * Reads a value: a JSON or Python literal or a reference.
 * @throws SyntaxFailure
 */
function readValue(cursor: Cursor, reader: ValueReader, depth: number): ArgumentValue {
  if (depth > maxNesting) cursor.fail(`Nested deeper than ${maxNesting} levels`);
  cursor.skipSpace();
  const next = cursor.peek();
  if (isQuote(next)) return stringValue(readString(cursor), reader, depth);
  if (next === '[') return readList(cursor, reader, depth);
  if (next === '{') return readObject(cursor, reader, depth);
  if (next === '@') return readReferenceValue(cursor, reader, depth);
  const digits = cursor.match(number)?.[0];
  if (digits !== undefined) return readNumber(cursor, digits);
  const start = cursor.position;
  const word = cursor.match(identifier)?.[0];
  if (word !== undefined && Object.hasOwn(words, word)) return constant(words[word] ?? null);
  if (word === undefined) return cursor.fail('Expected a value here', start);
  return cursor.fail(`Put “${word}” in quotes, or write @param.${word} for a parameter`, start);
}

function readNumber(cursor: Cursor, digits: string): ArgumentValue {
  const value = Number(digits);
  if (!Number.isFinite(value)) cursor.fail(`The number ${digits.slice(0, 20)} is too large`);
  return constant(value + 0); // −0 is 0
}

function stringValue(source: Source, reader: ValueReader, depth: number): ArgumentValue {
  if (!source.text.includes('@') && !source.text.includes('{')) return constant(source.text);
  const template = reader.string(source, depth + 1);
  const [only, ...others] = template.pieces;
  if (only?.kind === 'text' && others.length === 0) return constant(only.text);
  return { kind: 'template', template };
}

function readReferenceValue(cursor: Cursor, reader: ValueReader, depth: number): ArgumentValue {
  const reference = reader.reference(cursor, depth + 1);
  if (!reference) return cursor.fail('Expected a reference such as @param.name here');
  if (cursor.peek() === '.') {
    cursor.fail('References are values as a whole: in quotes text may follow them');
  }
  return { kind: 'template', template: reader.only(reference) };
}

function readList(cursor: Cursor, reader: ValueReader, depth: number): ArgumentValue {
  const items: ArgumentValue[] = [];
  cursor.take('[');
  cursor.skipSpace();
  while (!cursor.take(']')) {
    items.push(readValue(cursor, reader, depth + 1));
    cursor.skipSpace();
    if (!cursor.take(',') && cursor.peek() !== ']') cursor.fail('Expected “,” or “]” here');
    cursor.skipSpace();
  }
  return items.every(isConstant)
    ? constant(items.map(({ value }) => value))
    : { kind: 'list', items };
}

function readObject(cursor: Cursor, reader: ValueReader, depth: number): ArgumentValue {
  const members = new Map<string, ArgumentValue>();
  cursor.take('{');
  if (cursor.peek() === '{') cursor.fail('Put {{ }} in quotes, or write @param.name');
  cursor.skipSpace();
  while (!cursor.take('}')) {
    const name = isQuote(cursor.peek()) ? readString(cursor).text : cursor.match(identifier)?.[0];
    cursor.skipSpace();
    if (name === undefined || !cursor.take(':')) return cursor.fail('Expected “name: value” here');
    members.set(name, readValue(cursor, reader, depth + 1));
    cursor.skipSpace();
    if (!cursor.take(',') && cursor.peek() !== '}') cursor.fail('Expected “,” or “}” here');
    cursor.skipSpace();
  }
  const entries = [...members];
  const values = entries.map(([, value]) => value);
  return values.every(isConstant)
    ? constant(Object.fromEntries(entries.map(([name], at) => [name, values[at]?.value])))
    : { kind: 'object', members: entries };
}

function constant(value: JsonValue): { kind: 'constant'; value: JsonValue } {
  return { kind: 'constant', value };
}

function isConstant(value: ArgumentValue): value is { kind: 'constant'; value: JsonValue } {
  return value.kind === 'constant';
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'";
}
