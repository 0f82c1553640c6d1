import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../../contract/json.ts';

/** What of a tool tells a model and its user what it does, and so what an agreement to it covers. */
export function reviewedPart(tool: JsonObject): JsonObject {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  return { name, title, description, inputSchema, outputSchema, annotations };
}

/** The same for the same definition, in whatever order its members come: SHA-256, hexadecimal. */
export function fingerprint(tool: JsonObject): string {
  return createHash('sha256')
    .update(canonical(reviewedPart(tool)))
    .digest('hex');
}

/** JSON with sorted members; `undefined` members left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}
