import { binCount, millisecondsOf } from './durationBins.ts';

/** Counts and durations of a set of operations, added up one by one. */
export class CallFigures {
  calls = 0;
  errors = 0;
  /** Milliseconds since 1970. */
  lastAt = 0;
  readonly #bins = new Uint32Array(binCount);

  /** @param bin of its duration, see `binOf`. */
  addOne(failed: boolean, at: number, bin: number): void {
    this.addMany(1, failed ? 1 : 0, at);
    this.addDurations(bin, 1);
  }

  /** Counts operations without their durations. */
  addMany(calls: number, errors: number, at: number): void {
    this.calls += calls;
    this.errors += errors;
    if (at > this.lastAt) this.lastAt = at;
  }

  addDurations(bin: number, count: number): void {
    const before = this.#bins[bin] ?? 0;
    this.#bins[bin] = before + count;
  }

  addAll(other: CallFigures): void {
    this.addMany(other.calls, other.errors, other.lastAt);
    const [to, from] = [this.#bins, other.#bins];
    // a plain loop: this is run a million times for an overview
    for (let bin = 0; bin < binCount; bin++) to[bin] = (to[bin] ?? 0) + (from[bin] ?? 0);
  }

  /** As statistics tell them. */
  toBody() {
    const { calls, errors } = this;
    return { calls, errors, p50_ms: this.#percentile(0.5), p95_ms: this.#percentile(0.95) };
  }

  toUsedBody() {
    return { ...this.toBody(), last_used: new Date(this.lastAt).toISOString() };
  }

  /** The duration that a share of the operations did not pass, in milliseconds. */
  #percentile(share: number): number | null {
    let all = 0;
    for (const count of this.#bins) all += count;
    if (all === 0) return null;
    const rank = Math.ceil(all * share);
    let passed = 0;
    const bin = this.#bins.findIndex((count) => {
      passed += count;
      return passed >= rank;
    });
    return millisecondsOf(bin);
  }
}
