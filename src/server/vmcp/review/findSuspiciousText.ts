import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { findHiddenCharacters, withoutHiddenCharacters } from './hiddenCharacters.ts';
import { phraseRules } from './suspiciousPhrases.ts';

const excerptCharacters = 160;
/** Longer texts are read to here; a description of that length is pointed out for it. */
const maxTextCharacters = 32_768;
const maxDepth = 32;

/** Something in a tool's texts that people should look at. */
export interface SuspiciousText {
  /** `hidden-characters`, `very-long`, or one of the rules of wording. */
  rule: string;
  /** What is wrong, for people. */
  meaning: string;
  /** JSON pointer of the text in the tool. */
  place: string;
  /** The text around it, hidden characters made visible as `U+XXXX`. */
  excerpt: string;
}

/**
 * Reads every text of a tool that a model gets to see: name, title, description, and names and texts of
 * its schemas. A finding says that someone should look, not that the tool is bad.
 * @returns at most one finding for each rule and text
 */
export function findSuspiciousText(tool: JsonObject): SuspiciousText[] {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const found: SuspiciousText[] = [];
  const seen = { name, title, description, inputSchema, outputSchema, annotations };
  for (const { place, text } of textsOf(seen, '', 0)) found.push(...inText(place, text));
  return found;
}

function* textsOf(
  value: unknown,
  place: string,
  depth: number,
): Generator<{ place: string; text: string }> {
  if (typeof value === 'string') yield { place, text: value };
  else if (depth > maxDepth) return;
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* textsOf(item, `${place}/${i}`, depth + 1);
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      const inner = `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      // Names of arguments are read by the model as well.
      if (depth > 0) yield { place: inner, text: key };
      yield* textsOf(member, inner, depth + 1);
    }
  }
}

function inText(place: string, whole: string): SuspiciousText[] {
  const found: SuspiciousText[] = [];
  const text = whole.slice(0, maxTextCharacters);
  if (text.length < whole.length) {
    const meaning = `is ${whole.length} characters long`;
    found.push({ rule: 'very-long', meaning, place, excerpt: excerptOf(text, 0) });
  }
  const hidden = findHiddenCharacters(text);
  if (hidden) {
    const meaning = `holds ${hidden.what}`;
    found.push({
      rule: 'hidden-characters',
      meaning,
      place,
      excerpt: excerptOf(text, hidden.offset),
    });
  }
  const plain = withoutHiddenCharacters(text).replace(/[^\S\n]+/g, ' ');
  for (const { id, meaning, pattern } of phraseRules) {
    const offset = found.some(({ rule }) => rule === id) ? -1 : plain.search(pattern);
    if (offset >= 0) found.push({ rule: id, meaning, place, excerpt: excerptOf(plain, offset) });
  }
  return found;
}

function excerptOf(text: string, offset: number): string {
  const start = Math.max(0, offset - excerptCharacters / 4);
  return Array.from(text.slice(start, start + excerptCharacters), visible).join('');
}

function visible(character: string): string {
  if (findHiddenCharacters(character) === undefined && !/[\u200C\u200D]/.test(character)) {
    return character;
  }
  const code = character.codePointAt(0) ?? 0;
  return `\u27E8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27E9`;
}
