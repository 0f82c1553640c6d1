import type { JsonObject } from '../../contract/json.ts';

/** The CallToolResult of a tool that failed, with the reason for the model. */
export function errorResult(message: string): JsonObject {
  return { content: [{ type: 'text', text: message }], isError: true };
}
