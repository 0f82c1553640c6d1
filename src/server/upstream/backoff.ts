const firstDelayMs = 1000;
const maxDelayMs = 60_000;
/** A connection that held this long was no crash loop. */
const stableMs = 30_000;

/**
 * When a server that failed may be tried again: at once after the first failure, then after delays that
 * double, with jitter, up to a minute.
 */
export class Backoff {
  #failures = 0;
  #nextTry = 0;
  #delay = 0;
  #connectedAt: number | undefined;

  /** @param now monotonic milliseconds */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds until the next try is allowed; 0 for now. */
  get waitMs(): number {
    return Math.max(0, this.#nextTry - this.now());
  }

  /** That it fails again and again, for people; empty where it does not. */
  get note(): string {
    if (this.#failures < 2) return '';
    const seconds = Math.ceil(this.#delay / 1000);
    return ` It failed ${this.#failures} times in a row, and is left alone for ${seconds} s.`;
  }

  connected(): void {
    this.#connectedAt = this.now();
  }

  /** A try failed, or a connection broke. */
  failed(): void {
    const now = this.now();
    if (this.#connectedAt !== undefined && now - this.#connectedAt >= stableMs) this.#failures = 0;
    this.#connectedAt = undefined;
    this.#failures++;
    if (this.#failures === 1) return;
    const delay = Math.min(maxDelayMs, firstDelayMs * 2 ** (this.#failures - 2));
    this.#delay = delay * (0.75 + this.random() / 2);
    this.#nextTry = now + this.#delay;
  }

  /** The user changed something or asks for it: the next try is allowed now. */
  reset(): void {
    this.#failures = 0;
    this.#nextTry = 0;
    this.#connectedAt = undefined;
  }
}
