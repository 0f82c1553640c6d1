import { nameSchema } from '../../contract/common.ts';
import type { Translate } from '../translate.ts';

/** What is wrong with a name, or undefined. @param taken the names that others have */
export function validateName(
  name: string,
  taken: readonly string[],
  t: Translate,
): string | undefined {
  if (!nameSchema.safeParse(name).success) {
    return t('1 to 64 letters, digits, spaces, “_” or “-”.');
  }
  const same = taken.find((other) => other.toLowerCase() === name.toLowerCase());
  return same === undefined ? undefined : t('The name “{0}” is taken.', same);
}

/** The name itself, or with the first number that makes it free. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((other) => other.toLowerCase()));
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : ` ${n}`;
    const candidate = name.slice(0, 64 - suffix.length) + suffix;
    if (!used.has(candidate.toLowerCase())) return candidate;
  }
}
