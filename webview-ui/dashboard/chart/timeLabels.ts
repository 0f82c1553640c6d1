const daySeconds = 86_400;

/**
 * What stands below a chart's lines of time, as people write it: the time of day, and below it the day where
 * one begins; where the lines are days apart, only the day.
 * @param times seconds since 1970
 * @param zone undefined: that of this machine
 * @param language undefined: that of this machine
 */
export function timeLabels(
  times: readonly number[],
  stepSeconds: number,
  zone?: string,
  language?: string,
): string[] {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
  const days = format({ month: 'short', day: 'numeric' });
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  let before = '';
  return times.map((seconds) => {
    const date = new Date(seconds * 1_000);
    const day = days.format(date);
    const begins = day !== before;
    before = day;
    if (stepSeconds >= daySeconds) return day;
    return begins ? `${clock.format(date)}\n${day}` : clock.format(date);
  });
}
