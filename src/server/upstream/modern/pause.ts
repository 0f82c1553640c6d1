import { setTimeout as delay } from 'node:timers/promises';

const firstMs = 250;
const longestMs = 4000;

/** Waits before a call is sent again that its server put off: longer each time, and not for ever. */
export class Pause {
  #since = performance.now();
  #nextMs = firstMs;

  /** @param limitMs for all of them together */
  constructor(private readonly limitMs: number) {}

  /** @returns false where the limit is reached. @throws the signal's reason */
  async next(signal: AbortSignal): Promise<boolean> {
    if (performance.now() - this.#since > this.limitMs) return false;
    await delay(this.#nextMs, undefined, { signal, ref: false }).catch(() => {
      throw signal.reason;
    });
    this.#nextMs = Math.min(longestMs, this.#nextMs * 2);
    return true;
  }

  /** The server has gone on meanwhile. */
  restart(): void {
    this.#since = performance.now();
    this.#nextMs = firstMs;
  }
}
