import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import type { SpilledContent, SpilledResults, SpillOwner } from './spilledResults.ts';

/** The share of the limit that a preview takes; the rest is for what stays. */
const previewShare = 0.5;
/** Binary parts up to this share of the limit stay. */
const smallShare = 0.1;

/**
 * A tool's result within a limit: of one that is larger, the beginning of its text and links to all of
 * it. Links and small parts stay; structured content stays where it is small.
 * @param maxBytes of the result as JSON
 * @returns the same object where it is within the limit
 */
export function spillResult(
  result: JsonObject,
  maxBytes: number,
  results: SpilledResults,
  owner: SpillOwner,
): JsonObject {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes <= maxBytes) return result;
  const { structuredContent, content, ...rest } = result;
  const blocks = Array.isArray(content) ? content : [];
  const texts = blocks.flatMap((block) => textOf(block) ?? []);
  const parts = blocks.flatMap((block) => spilledBlock(block, maxBytes, results, owner));
  const text = texts.length > 0 ? texts.join('\n') : structuredText(structuredContent);
  const isStructureSmall = sizeOf(structuredContent) <= maxBytes * previewShare;
  const keepsStructure = structuredContent !== undefined && isStructureSmall;
  return {
    ...rest,
    content: [...previewOf(text, maxBytes, results, owner), ...parts],
    ...(keepsStructure && { structuredContent }),
  };
}

/** The beginning of a text, and a link to the whole. */
function previewOf(
  text: string,
  maxBytes: number,
  results: SpilledResults,
  owner: SpillOwner,
): JsonObject[] {
  const length = Math.floor((maxBytes * previewShare) / 4); // a character takes four bytes at most
  if (text.length <= length) return text === '' ? [] : [{ type: 'text', text }];
  const isJson = /^\s*[[{]/.test(text) && /[\]}]\s*$/.test(text);
  const mimeType = isJson ? 'application/json' : 'text/plain';
  const uri = results.add(owner, { mimeType, text });
  const more = `[${text.length - length} of ${text.length} characters left out. Read the resource ${uri} for all, or ${uri}?offset=${length}&length=${length} for the next part; it is kept for 30 minutes.]`;
  return [
    { type: 'text', text: `${text.slice(0, length)}\n\n${more}` },
    linkTo(uri, { mimeType, text }, Buffer.byteLength(text)),
  ];
}

/** Blocks other than text: those that are large become links. */
function spilledBlock(
  block: JsonValue,
  maxBytes: number,
  results: SpilledResults,
  owner: SpillOwner,
): JsonValue[] {
  if (textOf(block) !== undefined) return [];
  const content = isJsonObject(block) ? contentOf(block) : undefined;
  if (!content || sizeOf(block) <= maxBytes * smallShare) return [block];
  const bytes = 'text' in content ? content.text.length : Math.floor(content.blob.length * 0.75);
  return [linkTo(results.add(owner, content), content, bytes)];
}

function contentOf(block: JsonObject): SpilledContent | undefined {
  const { type, data, resource } = block;
  if ((type === 'image' || type === 'audio') && typeof data === 'string') {
    return { mimeType: mimeTypeOf(block, `${type}/*`), blob: data };
  }
  if (!isJsonObject(resource)) return undefined;
  const { text, blob } = resource;
  if (typeof text === 'string') return { mimeType: mimeTypeOf(resource, 'text/plain'), text };
  if (typeof blob !== 'string') return undefined;
  return { mimeType: mimeTypeOf(resource, 'application/octet-stream'), blob };
}

function linkTo(uri: string, content: SpilledContent, size: number): JsonObject {
  return {
    type: 'resource_link',
    uri,
    name: 'Whole result',
    description: 'What was too large for the result of the tool',
    mimeType: content.mimeType,
    size,
  };
}

function mimeTypeOf({ mimeType }: JsonObject, otherwise: string): string {
  return typeof mimeType === 'string' ? mimeType : otherwise;
}

function textOf(block: JsonValue): string | undefined {
  const isText = isJsonObject(block) && block.type === 'text' && typeof block.text === 'string';
  return isText ? String(block.text) : undefined;
}

function structuredText(value: JsonValue | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}

function sizeOf(value: JsonValue | undefined): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
