const minute = 60_000;
const hour = 60 * minute;
/** Milliseconds. */
export const day = 24 * hour;

/** As many bars as a chart of a window's width shows well. */
const mostBuckets = 100;
const widths = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
  ...[1, 2, 7, 14, 28, 91, 364].map((days) => days * day),
];

/** Equal pieces of a time range; all in milliseconds (since 1970). */
export interface TimeBuckets {
  /** Of the first bucket. */
  start: number;
  width: number;
  count: number;
}

/**
 * Divides a range into at most 100 pieces of a width that people count in.
 * @param end exclusive.
 * @param leastWidth what is known of the range may be no finer.
 */
export function timeBuckets(start: number, end: number, leastWidth = minute): TimeBuckets {
  const possible = widths.filter((width) => width >= leastWidth);
  const spans = possible.map((width) => spanOf(start, end, width));
  return spans.find(({ count }) => count <= mostBuckets) ?? widest(start, end);
}

/** A range of centuries, which only a strange clock makes. */
function widest(start: number, end: number): TimeBuckets {
  return spanOf(start, end, Math.ceil((end - start) / (mostBuckets - 1) / day) * day);
}

function spanOf(start: number, end: number, width: number): TimeBuckets {
  const first = Math.floor(start / width) * width;
  return { start: first, width, count: Math.max(1, Math.ceil((end - first) / width)) };
}
