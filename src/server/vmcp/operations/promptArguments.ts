import type { JsonObject } from '../../../contract/json.ts';

/** Arguments of prompts are strings (MCP server/prompts); other JSON stands as its text, null is left out. */
export function promptArguments(args: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
