import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/contract/json.ts';
import type { TryOutcome } from './tryModel.ts';

/** A CallToolResult as it is shown; servers may send anything in its place. */
export function toolOutcome(result: Readonly<Record<string, unknown>>): TryOutcome {
  const { content, structuredContent, isError } = result as JsonObject;
  return {
    blocks: objectsIn(content).map((block) => ({ block })),
    structured: structuredContent,
    isError: isError === true,
  };
}

/** A GetPromptResult as it is shown. */
export function promptOutcome(result: Readonly<Record<string, unknown>>): TryOutcome {
  const blocks = objectsIn((result as JsonObject).messages).flatMap(({ role, content }) =>
    [content].flat().flatMap((block) => {
      const said = { ...(typeof role === 'string' && { role }) };
      return isJsonObject(block) ? [{ ...said, block }] : [];
    }),
  );
  return { blocks, isError: false };
}

/** A ReadResourceResult as it is shown. */
export function resourceOutcome(result: Readonly<Record<string, unknown>>): TryOutcome {
  const blocks = objectsIn((result as JsonObject).contents).map((resource) => ({
    block: { type: 'resource', resource },
  }));
  return { blocks, isError: false };
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
