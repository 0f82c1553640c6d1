import { parseTemplate } from '../../template/parseTemplate.ts';
import type { TagPiece, Piece as TemplatePiece } from '../../template/template.ts';

/** A stretch of an author's text: text as it is, or a template that is rendered on its own. */
export interface Piece {
  kind: 'literal' | 'config' | 'param' | 'other';
  /** Literals are freed of template escapes. */
  text: string;
  /** With the escapes. */
  written: string;
  /** The parameter's name. */
  name?: string;
}

const placeholder = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Divides a text into literals and templates, so that literals can be taken apart before any value
 * is in them. A Mustache section is one piece.
 */
export function templatePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  const { pieces: parsed } = parseTemplate(text);
  let position = 0;
  for (let index = 0; index < parsed.length; index += 1) {
    const piece = parsed[index];
    if (!piece) break;
    if (piece.kind === 'tag') index = sectionEnd(parsed, index);
    const start = position;
    position = endOf(parsed[index]) ?? startOf(parsed[index + 1]) ?? text.length;
    pieces.push(pieceOf(piece, text.slice(start, position)));
  }
  return pieces;
}

/** The same with `{name}` as another way to write a parameter. */
export function urlPieces(text: string): Piece[] {
  return templatePieces(text).flatMap((piece) => {
    if (piece.kind !== 'literal') return [piece];
    return piece.text.split(placeholder).map((part, index): Piece => {
      // The odd ones are what the group matched.
      return index % 2 === 0 ? literalPiece(part) : parameterPiece(part);
    });
  });
}

export function parameterPiece(name: string): Piece {
  const text = `@param:${name}`;
  return { kind: 'param', text, written: text, name };
}

export function literalPiece(text: string): Piece {
  return { kind: 'literal', text, written: text };
}

function pieceOf(piece: TemplatePiece, written: string): Piece {
  switch (piece.kind) {
    case 'text':
      return { kind: 'literal', text: piece.text, written };
    case 'config':
      return { kind: 'config', text: written, written };
    case 'param':
      return { kind: 'param', text: written, written, name: piece.name };
    case 'tag':
      return tagPiece(piece, written);
    default:
      return { kind: 'other', text: written, written };
  }
}

function tagPiece({ sigil, name }: TagPiece, written: string): Piece {
  const [first = '', second = ''] = name.split('.');
  const piece = { text: written, written };
  if (sigil !== '') return { kind: 'other', ...piece };
  if (first === 'config') return { kind: 'config', ...piece };
  return { kind: 'param', ...piece, name: first === 'param' ? second : first };
}

/** The index of the tag that closes the section opened by this one; of itself where it opens none. */
function sectionEnd(pieces: readonly TemplatePiece[], at: number): number {
  let depth = 0;
  for (let index = at; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece?.kind !== 'tag') continue;
    if (piece.sigil === '#' || piece.sigil === '^') depth += 1;
    if (piece.sigil === '/') depth -= 1;
    if (depth <= 0) return index;
  }
  return at;
}

/** Texts have no place of their own; they lie between the others. */
function startOf(piece: TemplatePiece | undefined): number | undefined {
  return piece && piece.kind !== 'text' ? piece.start : undefined;
}

function endOf(piece: TemplatePiece | undefined): number | undefined {
  return piece && piece.kind !== 'text' ? piece.end : undefined;
}
