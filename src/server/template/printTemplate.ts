import type { JsonValue } from '../../contract/json.ts';
import { looksLikeReference } from './readReference.ts';
import type {
  Argument,
  ArgumentValue,
  Dialect,
  Piece,
  Reference,
  TagPiece,
  Template,
} from './template.ts';

const identifier = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const wordBefore = /[\p{L}\p{N}_]$/u;

/**
 * A template in its one spelling (`@tool(name, a=1)`, `@param.x`, `{{x}}`), which parses to the same
 * again. What is malformed stays as written.
 */
export function printTemplate({ pieces, dialect }: Template): string {
  return pieces.map((piece) => printPiece(piece, dialect)).join('');
}

function printPiece(piece: Piece, dialect: Dialect): string {
  if (piece.kind === 'text') return escapeText(piece.text, dialect);
  if (piece.kind === 'invalid') return piece.written;
  return piece.kind === 'tag' ? printTag(piece) : printReference(piece, dialect);
}

function printTag({ sigil, name }: TagPiece): string {
  return `{{${sigil}${name}}}`;
}

function printReference(reference: Reference, dialect: Dialect): string {
  const { kind } = reference;
  if (kind === 'resource') return `@resource(${printTemplate(reference.name)})`;
  if (!('arguments' in reference)) return `@${kind}.${reference.name}`;
  const args = reference.arguments.map((argument) => printArgument(argument, dialect));
  return `@${kind}(${[reference.name, ...args].join(', ')})`;
}

function printArgument({ name, type, value }: Argument, dialect: Dialect): string {
  const printed = identifier.test(name) ? name : JSON.stringify(name);
  const text = printArgumentValue(value, dialect);
  return type === undefined ? `${printed}=${text}` : `${printed}: ${type} = ${text}`;
}

export function printArgumentValue(value: ArgumentValue, dialect: Dialect): string {
  if (value.kind === 'constant') return printConstant(value.value, dialect);
  if (value.kind === 'list') {
    return `[${value.items.map((item) => printArgumentValue(item, dialect)).join(', ')}]`;
  }
  if (value.kind === 'object') {
    const members = value.members.map(
      ([name, member]) => `${JSON.stringify(name)}: ${printArgumentValue(member, dialect)}`,
    );
    return `{${members.join(', ')}}`;
  }
  const [only, ...others] = value.template.pieces;
  const isReference = only && others.length === 0 && only.kind !== 'text' && only.kind !== 'tag';
  const text = printTemplate(value.template);
  return isReference && only.kind !== 'invalid' ? text : JSON.stringify(text);
}

function printConstant(value: JsonValue, dialect: Dialect): string {
  if (typeof value === 'string') return JSON.stringify(escapeText(value, dialect));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((item) => printConstant(item, dialect)).join(', ')}]`;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${printConstant(member ?? null, dialect)}`,
  );
  return `{${members.join(', ')}}`;
}

/** The text with `@` and `{{` doubled where they would be read as something else. */
function escapeText(text: string, dialect: Dialect): string {
  const braces = dialect === 'template' ? text.replaceAll('{{', '{{{{') : text;
  return braces.replaceAll('@', (_, at: number) => {
    const next = braces[at + 1];
    const isRead =
      next === undefined ||
      next === '@' ||
      (looksLikeReference(braces, at) && !wordBefore.test(braces.slice(Math.max(0, at - 1), at)));
    return isRead ? '@@' : '@';
  });
}
