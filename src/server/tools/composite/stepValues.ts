import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';

/** Beside the arguments, what the templates of a step can use. */
export interface StepScope extends JsonObject {
  /** Results of the steps done so far, by id. */
  steps: JsonObject;
}

/**
 * What a tool's result is for later steps: its structured content, else its text, read as JSON where
 * it is a JSON object or array, else its content as it is.
 */
export function valueOfResult(result: JsonObject): JsonValue {
  if (isJsonObject(result.structuredContent)) return result.structuredContent;
  const content = Array.isArray(result.content) ? result.content : [];
  const texts = content.flatMap((block) =>
    isJsonObject(block) && block.type === 'text' && typeof block.text === 'string'
      ? [block.text]
      : [],
  );
  if (texts.length === 0) return content;
  const text = texts.join('\n');
  return listOrObject(text) ?? text;
}

/** A text that is a JSON object or array, as that. */
export function listOrObject(text: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // text that only begins like JSON
  }
}

/** A value as a tool's result: texts as they are, everything else as JSON, objects structured, too. */
export function resultOf(value: JsonValue): JsonObject {
  if (typeof value === 'string') return { content: [{ type: 'text', text: value }] };
  const text = value === null ? '' : JSON.stringify(value);
  return {
    content: [{ type: 'text', text }],
    ...(isJsonObject(value) && { structuredContent: value }),
  };
}
