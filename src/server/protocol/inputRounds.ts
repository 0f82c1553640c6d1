/** What a client can be asked in the era without sessions (MCP 2026-07-28, basic/patterns/mrtr). */
const askable = new Set(['elicitation/create', 'sampling/createMessage', 'roots/list']);

/** Methods whose calls may end with questions. */
const asking = new Set(['tools/call', 'prompts/get', 'resources/read']);

export function isAskable(method: string): boolean {
  return askable.has(method);
}

export function mayAsk(method: string): boolean {
  return asking.has(method);
}
