import type { JsonObject } from '../../../contract/json.ts';

const maxEntries = 64;
const maxTextLength = 256 * 1024;

interface Kept {
  result: JsonObject;
  /** Monotonic milliseconds. */
  until: number;
}

/**
 * Resources that a server said may be kept for a while (MCP 2026-07-28, server/utilities/caching): few
 * and small ones, for all clients, since the server knows all of them by the same credentials.
 */
export class ReadCache {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns the result with the time that is left of it */
  get(uri: string): JsonObject | undefined {
    const kept = this.#kept.get(uri);
    if (kept === undefined) return undefined;
    const ttlMs = Math.floor(kept.until - this.now());
    if (ttlMs > 0) return { ...kept.result, ttlMs };
    this.#kept.delete(uri);
    return undefined;
  }

  put(uri: string, result: JsonObject): void {
    const { ttlMs } = result;
    this.#kept.delete(uri);
    if (typeof ttlMs !== 'number' || !(ttlMs > 0)) return;
    if (JSON.stringify(result).length > maxTextLength) return;
    if (this.#kept.size >= maxEntries) this.#dropOldest();
    this.#kept.set(uri, { result, until: this.now() + ttlMs });
  }

  /** It changed, or a part of it. */
  drop(uri: string): void {
    for (const known of this.#kept.keys()) {
      if (known === uri || uri.startsWith(known) || known.startsWith(uri)) this.#kept.delete(known);
    }
  }

  clear(): void {
    this.#kept.clear();
  }

  #dropOldest(): void {
    for (const uri of this.#kept.keys()) {
      this.#kept.delete(uri);
      return;
    }
  }
}
