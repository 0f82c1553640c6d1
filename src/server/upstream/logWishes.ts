/** Levels of RFC 5424 as MCP uses them, most verbose first. */
const levels = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;
type McpLogLevel = (typeof levels)[number];

/** How verbose each party wants a server's log messages; each client is filtered later. */
export class LogWishes {
  readonly #wishes = new Map<string, McpLogLevel>();

  /** null, or a level that is none: no wish. */
  set(partyId: string, level: string | null): void {
    const known = levels.find((name) => name === level);
    if (known === undefined) this.#wishes.delete(partyId);
    else this.#wishes.set(partyId, known);
  }

  /** The most verbose wish of all; undefined where nobody has one. */
  get level(): McpLogLevel | undefined {
    const wishes = new Set(this.#wishes.values());
    return levels.find((level) => wishes.has(level));
  }
}
