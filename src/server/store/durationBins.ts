/**
 * Durations as counts in bins of 5 % width: percentiles of any set of operations, to 3 %, from
 * sums that can be added up and outlive the operations themselves.
 */
const width = Math.log(1.05);
/** Of bins: the last one begins at about ten hours. */
export const binCount = 500;

/** @param duration microseconds. */
export function binOf(duration: number): number {
  return duration <= 1 ? 0 : Math.min(binCount - 1, Math.floor(Math.log(duration) / width));
}

/** The middle of a bin in milliseconds, to three digits. */
export function millisecondsOf(bin: number): number {
  return Number((Math.exp((bin + 0.5) * width) / 1000).toPrecision(3));
}

/** The counts of bins as text: `bin:count`, separated by spaces. */
export function writeBins(bins: ReadonlyMap<number, number>): string {
  return [...bins].map(([bin, count]) => `${bin}:${count}`).join(' ');
}

export function readBins(text: string): Map<number, number> {
  const pairs = text.split(' ').filter((each) => each !== '');
  return new Map(
    pairs.map((each): [number, number] => {
      const [bin = 0, count = 0] = each.split(':').map(Number);
      return [bin, count];
    }),
  );
}

/** `added` on top of `bins`, which is changed. */
export function addBins(bins: Map<number, number>, added: ReadonlyMap<number, number>): void {
  for (const [bin, count] of added) bins.set(bin, (bins.get(bin) ?? 0) + count);
}
