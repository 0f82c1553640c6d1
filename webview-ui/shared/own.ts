/** A member of a record whose keys come from elsewhere; never one that the prototype has. */
export function own<T>(
  record: Readonly<Record<string, T>> | undefined,
  key: string,
): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The record with one member put in, or with undefined taken out. */
export function withMember<T>(
  record: Readonly<Record<string, T>>,
  key: string,
  value: NoInfer<T> | undefined,
): Record<string, T> {
  const entries = Object.entries(record).filter(([name]) => name !== key || value !== undefined);
  const at = entries.findIndex(([name]) => name === key);
  if (value !== undefined)
    entries.splice(at < 0 ? entries.length : at, at < 0 ? 0 : 1, [key, value]);
  // fromEntries defines members, so that a name like `__proto__` is one like any other.
  return Object.fromEntries(entries);
}
