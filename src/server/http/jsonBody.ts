import { HttpError } from './httpError.ts';
import { jsonErrorPosition } from './jsonErrorPosition.ts';

/** Deeper values are refused: every later walk over them may recurse. */
const maxDepth = 100;

/**
 * A received body as a JSON value.
 * @throws HttpError 400 that says where the body is no JSON
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) throw new HttpError(400, 'Empty body', 'This address needs a JSON body.');
  const text = decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, 'Malformed JSON', placeOf(error, text));
  }
  if (isDeeperThan(value, maxDepth)) {
    throw new HttpError(400, 'Malformed JSON', `Nested deeper than ${maxDepth} levels.`);
  }
  return value;
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new HttpError(400, 'Malformed JSON', 'The body is not valid UTF-8.');
  }
}

function placeOf(error: unknown, text: string): string {
  const position = jsonErrorPosition(text);
  if (position === undefined) return error instanceof Error ? error.message : String(error);
  const before = text.slice(0, position).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} (position ${position})`;
  if (position === text.length) return `The body ends too early, at ${place}.`;
  return `Unexpected ${JSON.stringify(text[position])} at ${place}.`;
}

function isDeeperThan(value: unknown, depth: number): boolean {
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let at = 1; level.length > 0; at++) {
    if (at > depth) return true;
    const next: object[] = [];
    for (const item of level) {
      for (const child of Object.values(item)) {
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
  return false;
}
