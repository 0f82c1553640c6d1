import { redact } from '../redact.ts';

const maxLength = 300;

/** Why something failed, for people: bounded, and without the values that were sent. */
export function reasonOf(
  error: unknown,
  secretValues: readonly (string | undefined)[] = [],
): string {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const known = secretValues.filter((value) => value !== undefined);
  return redact(reason, known).replace(/\s+/g, ' ').slice(0, maxLength);
}
