/** A duration as people say it: `0.8 ms`, `12 ms`, `3.4 s`, `2 min 5 s`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 10) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toPrecision(2))} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A count with the language's separators. */
export function formatCount(count: number): string {
  return count.toLocaleString();
}

/** A share of a whole: `4.2 %`; `< 0.1 %` is not nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}

/** A time of the log: hours today, with the day before. @param now milliseconds since 1970 */
export function formatTime(timestamp: string, now: number): string {
  const time = new Date(timestamp);
  const isToday = time.toDateString() === new Date(now).toDateString();
  const clock = time.toLocaleTimeString();
  return isToday ? clock : `${time.toLocaleDateString()} ${clock}`;
}

/** A moment or a day in a chart. @param width of a bucket, milliseconds */
export function formatBucket(timestamp: string, width: number): string {
  const time = new Date(timestamp);
  // days are those of UTC
  if (width >= 86_400_000) return time.toLocaleDateString(undefined, { timeZone: 'UTC' });
  return time.toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
}

/** JSON as it is read best. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2) ?? 'null';
}
