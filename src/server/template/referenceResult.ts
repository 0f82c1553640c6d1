import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import type { AwaitedReference } from './template.ts';

/** A content block of MCP (server/tools, “Tool Result”): text, image, audio, resource, link. */
export type ContentPart = JsonObject & { type: string };

/** What a tool, resource or prompt gave. */
export interface ReferenceResult {
  /** Who gave it, for messages: `@tool(server.tool)`. */
  from: string;
  parts: readonly ContentPart[];
  /** `structuredContent` of a tool. */
  structured?: JsonObject;
}

/**
 * Reads the answer of a resolver.
 * @param answer CallToolResult, ReadResourceResult or GetPromptResult
 * @throws Error for a tool that failed, with what it said
 */
export function readResult(
  kind: AwaitedReference['kind'],
  from: string,
  answer: JsonObject,
): ReferenceResult {
  if (kind === 'resource') return { from, parts: objectsOf(answer.contents).map(resourcePart) };
  if (kind === 'prompt') {
    return { from, parts: objectsOf(answer.messages).flatMap(({ content }) => partsOf(content)) };
  }
  const result: ReferenceResult = { from, parts: partsOf(answer.content) };
  if (isJsonObject(answer.structuredContent)) result.structured = answer.structuredContent;
  if (answer.isError === true) throw new Error(textOf(result)?.slice(0, 2000) || 'it says no more');
  return result;
}

/**
 * The result in a text: what is text in it, else the structured content as JSON.
 * @returns undefined where there are only images and the like
 */
export function resultText(result: ReferenceResult): string | undefined {
  const text = textOf(result);
  if (text !== undefined) return text;
  if (result.structured) return JSON.stringify(result.structured);
  return result.parts.length === 0 ? '' : undefined;
}

/**
 * The result where the reference is the whole string: its text as a string; without text, the
 * structured content as JSON; else the base64 of the one binary, or all content blocks.
 */
export function resultValue(result: ReferenceResult): JsonValue {
  const { parts, structured } = result;
  const [only, ...others] = parts;
  const text = textOf(result);
  if (text !== undefined) return text;
  if (structured) return structured;
  if (!only) return '';
  return (others.length === 0 ? base64Of(only) : undefined) ?? [...parts];
}

/** The result as content blocks; neighbouring texts are one, on lines of their own. */
export function resultParts({ parts, structured }: ReferenceResult): ContentPart[] {
  if (parts.length === 0 && structured) return [textPart(JSON.stringify(structured))];
  return joinTexts(parts, '\n');
}

/** The parts with neighbouring texts joined and empty ones left out. */
export function joinTexts(parts: readonly ContentPart[], between: string): ContentPart[] {
  const joined: ContentPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (!isText(part)) joined.push(part);
    else if (last && isText(last)) {
      joined[joined.length - 1] = textPart(`${last.text}${between}${part.text}`);
    } else if (part.text !== '') joined.push(textPart(part.text));
  }
  return joined;
}

/** How many characters a part adds to a rendering. */
export function sizeOf(part: ContentPart): number {
  return isText(part) ? part.text.length : (base64Of(part)?.length ?? 0);
}

export function textPart(text: string): ContentPart & { text: string } {
  return { type: 'text', text };
}

function isText(part: ContentPart): part is ContentPart & { text: string } {
  return part.type === 'text' && typeof part.text === 'string';
}

function textOf({ parts }: ReferenceResult): string | undefined {
  const texts = parts.flatMap((part) => {
    if (isText(part)) return [part.text];
    if (part.type === 'resource_link' && typeof part.uri === 'string') return [part.uri];
    const { resource } = part;
    return isJsonObject(resource) && typeof resource.text === 'string' ? [resource.text] : [];
  });
  return texts.length > 0 ? texts.join('\n') : undefined;
}

function base64Of({ data, resource }: ContentPart): string | undefined {
  if (typeof data === 'string') return data;
  return isJsonObject(resource) && typeof resource.blob === 'string' ? resource.blob : undefined;
}

/** Text of a resource is text; bytes stay a resource, with their type. */
function resourcePart(contents: JsonObject): ContentPart {
  return typeof contents.text === 'string'
    ? textPart(contents.text)
    : { type: 'resource', resource: contents };
}

/** Content is one block in the messages of prompts, a list in results of tools. */
function partsOf(content: JsonValue | undefined): ContentPart[] {
  return objectsOf(Array.isArray(content) ? content : [content ?? null]).flatMap((part) =>
    typeof part.type === 'string' ? [{ ...part, type: part.type }] : [],
  );
}

function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
