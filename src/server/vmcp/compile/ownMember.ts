/**
 * A record's own member under a foreign key, never one of the prototype (`constructor`, `__proto__`).
 */
export function ownMember<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
