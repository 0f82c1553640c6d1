import type { JsonValue } from '../../../contract/json.ts';
import { templatePieces } from './templatePieces.ts';

/**
 * The JSON structure of a body that is written as text, its strings being templates:
 * `{"n": @param:n}` is `{"n": "@param:n"}`. The text itself where it is no JSON.
 */
export function jsonTemplate(text: string): JsonValue {
  if (!/^\s*["[{]/.test(text)) return text;
  return parsed(text) ?? parsed(quoteBareTemplates(text)) ?? text;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // it is rendered as text then, and checked as JSON
  }
}

/** Puts quotes around the values that stand outside of strings; sections are no values. */
function quoteBareTemplates(text: string): string {
  let isInString = false;
  return templatePieces(text)
    .map((piece) => {
      if (piece.kind !== 'literal') {
        const isSection = piece.kind === 'other' && piece.written.startsWith('{{');
        return isInString || isSection ? piece.written : JSON.stringify(piece.written);
      }
      for (const [mark] of piece.written.matchAll(/\\.|"/gs)) {
        if (mark === '"') isInString = !isInString;
      }
      return piece.written;
    })
    .join('');
}
