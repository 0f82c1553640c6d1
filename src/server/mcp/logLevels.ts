import { severities } from '../../contract/severities.ts';

export function isLogLevel(value: unknown): value is string {
  return typeof value === 'string' && severities.includes(value);
}

/** Whether a message of `level` passes a client's wish; without a wish, or a known level, it does. */
export function passesLevel(level: unknown, wish: string | null): boolean {
  if (wish === null || typeof level !== 'string') return true;
  const severity = severities.indexOf(level);
  return severity < 0 || severity >= severities.indexOf(wish);
}
