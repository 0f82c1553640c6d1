import { ConflictError } from '../../appErrors.ts';

const maxLength = 64;

/** @throws ConflictError where another record has the name, in whatever case */
export function requireFreeName(
  kind: string,
  name: string,
  others: Iterable<{ name: string }>,
): void {
  const wanted = name.toLowerCase();
  for (const other of others) {
    if (other.name.toLowerCase() === wanted) {
      throw new ConflictError(`There is already a ${kind} "${other.name}"`, 'name');
    }
  }
}

/** The nearest legal name that nobody in `taken` (lower-case) has: `name`, else `name 2`, `name 3` … */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const legal = name.replace(/[^A-Za-z0-9 _-]+/g, '-').slice(0, maxLength) || 'unnamed';
  let free = legal;
  for (let n = 2; taken.has(free.toLowerCase()); n++) {
    const suffix = ` ${n}`;
    free = legal.slice(0, maxLength - suffix.length) + suffix;
  }
  return free;
}

/** Names in lower case, as `freeName` wants them. */
export function lowerNames(records: Iterable<{ name: string }>): Set<string> {
  return new Set([...records].map(({ name }) => name.toLowerCase()));
}
