/** Whether a figure reaches its target. */
export interface Verdict {
  what: string;
  value: number;
  unit: string;
  /** The figure must be at most (`atMost`) or at least (`atLeast`) this. */
  atMost?: number;
  atLeast?: number;
}

/** Collects figures, prints each against its target at once, and knows whether all were reached. */
export class Report {
  #missed = 0;

  check(verdict: Verdict): void {
    const { what, value, unit, atMost, atLeast } = verdict;
    const reached =
      (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
    if (!reached) this.#missed += 1;
    const target = atMost !== undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    const figure = `${format(value)} ${unit}`.trim();
    console.log(
      `${reached ? 'PASS' : 'FAIL'}  ${what.padEnd(58)} ${figure.padStart(12)}  (${target})`,
    );
  }

  get allReached(): boolean {
    return this.#missed === 0;
  }

  /** Rows under a head, columns aligned. */
  table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): void {
    const widths = head.map((_, i) =>
      Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)),
    );
    for (const row of [head, ...rows]) {
      console.log(
        row
          .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
          .join('  '),
      );
    }
  }
}

/** Three digits that matter. */
export function format(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
