import { createHash } from 'node:crypto';

/** The first `length` hexadecimal digits (at most 64) of SHA-256. */
export function shortHash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
