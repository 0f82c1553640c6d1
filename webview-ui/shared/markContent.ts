/** Marks the moment when a page first shows what it is about. */
export function markContent(): void {
  if (performance.getEntriesByName('content').length === 0) performance.mark('content');
}
