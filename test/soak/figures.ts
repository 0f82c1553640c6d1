import { readdirSync, readFileSync } from 'node:fs';

/** Figures with their limits, printed as they come. */
export class Figures {
  #missed = 0;

  get passed(): boolean {
    return this.#missed === 0;
  }

  /** A figure that must lie between two limits. */
  check(
    what: string,
    value: number,
    { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY },
  ): void {
    const holds = value >= least && value <= most;
    if (!holds) this.#missed += 1;
    const limits = [
      Number.isFinite(least) ? `at least ${least}` : '',
      Number.isFinite(most) ? `at most ${most}` : '',
    ];
    const shown = Number.isInteger(value) ? String(value) : value.toFixed(2);
    console.log(`${holds ? '✔' : '✘'} ${what}: ${shown} (${limits.filter(Boolean).join(', ')})`);
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share 0.99 for the 99th percentile */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Resident memory of a process in megabytes (Linux). */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Open descriptors of a process (Linux). */
export function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
