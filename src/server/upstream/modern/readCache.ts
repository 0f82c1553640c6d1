import type { JsonObject } from '../../../contract/json.ts';

const maxEntries = 64;
const maxTextLength = 256 * 1024;
const longestMs = 24 * 3_600_000;

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
  #changes = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How many changes were told so far. */
  get changes(): number {
    return this.#changes;
  }

  /** @returns the result with the time that is left of it */
  get(uri: string): JsonObject | undefined {
    const kept = this.#kept.get(uri);
    if (kept === undefined) return undefined;
    const ttlMs = Math.floor(kept.until - this.now());
    if (ttlMs > 0) return { ...kept.result, ttlMs };
    this.#kept.delete(uri);
    return undefined;
  }

  /** @param changes as it was when the resource was asked for: a result may be older than what was told since */
  put(uri: string, result: JsonObject, changes: number): void {
    const { ttlMs } = result;
    this.#kept.delete(uri);
    if (changes !== this.#changes) return;
    if (typeof ttlMs !== 'number' || !(ttlMs > 0)) return;
    if (JSON.stringify(result).length > maxTextLength) return;
    if (this.#kept.size >= maxEntries) this.#dropOldest();
    this.#kept.set(uri, { result, until: this.now() + Math.min(ttlMs, longestMs) });
  }

  /** It changed, or a part of it. */
  drop(uri: string): void {
    this.#changes += 1;
    for (const known of this.#kept.keys()) {
      if (known === uri || uri.startsWith(known) || known.startsWith(uri)) this.#kept.delete(known);
    }
  }

  clear(): void {
    this.#changes += 1;
    this.#kept.clear();
  }

  #dropOldest(): void {
    for (const uri of this.#kept.keys()) {
      this.#kept.delete(uri);
      return;
    }
  }
}
