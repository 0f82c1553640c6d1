/** Marks when the page first showed what it is about: the time that a user waits for. */
export function contentShown(): void {
  const name = 'content';
  if (performance.getEntriesByName(name).length === 0) performance.mark(name);
}
