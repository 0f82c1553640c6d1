import type { JsonValue } from '../../../contract/json.ts';

/** What an answer's body is. */
export type AnswerContent =
  | { kind: 'empty' }
  | { kind: 'json'; text: string; value: JsonValue }
  | { kind: 'text'; text: string }
  | { kind: 'binary'; mediaType: string; bytes: Buffer };

const jsonType = /^(application|text)\/(json|[\w.-]+\+json)$/;
const textType =
  /^(text\/.*|.*\+xml|.*\+yaml|application\/(xml|javascript|ecmascript|x-javascript|x-www-form-urlencoded|graphql|yaml|x-yaml|toml|sql|x-ndjson|jsonl|jsonlines|json-seq|x-sh))$/;

/** What is nested deeper stays text: writing it as JSON could exhaust the stack. */
const maxDepth = 500;

/**
 * Reads a body by its content type: JSON, text in its charset, or bytes. What says it is text and is
 * not in its charset counts as bytes; what says nothing counts as text where it is UTF-8.
 */
export function answerContent(bytes: Buffer, contentType: string | null): AnswerContent {
  if (bytes.length === 0) return { kind: 'empty' };
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const isJson = jsonType.test(mediaType);
  const isTextual = isJson || mediaType === '' || textType.test(mediaType);
  const text = isTextual ? decode(bytes, charsetOf(contentType)) : undefined;
  if (text === undefined || (mediaType === '' && text.includes('\0'))) {
    return { kind: 'binary', mediaType: mediaType || 'application/octet-stream', bytes };
  }
  const looksLikeJson = isJson || (mediaType === '' && /^\s*[[{]/.test(text));
  return (looksLikeJson ? parseJson(text) : undefined) ?? { kind: 'text', text };
}

function charsetOf(contentType: string | null): string {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
}

function decode(bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined; // an unknown charset, or not of this one
  }
}

function parseJson(text: string): AnswerContent | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isDeeperThan(value, maxDepth) ? undefined : { kind: 'json', text, value };
  } catch {
    return undefined; // it is shown as the text it is
  }
}

function isDeeperThan(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((item) => isDeeperThan(item ?? null, depth - 1));
}
