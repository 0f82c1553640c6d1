/** The parameter that `Mcp-Name` repeats (MCP 2026-07-28, basic/transports/streamable-http). */
const namedBy = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/** @returns undefined for methods without that header */
export function nameParameterOf(method: string): string | undefined {
  return namedBy.get(method);
}
