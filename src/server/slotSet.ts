/**
 * A set for things that come and go with every call. JavaScript's own `Set` and `Map` move to a new
 * table every few insertions, and the old table goes on pointing at the new one and at what it held:
 * once such a table is old to the garbage collector, everything that passes through survives with it
 * until the next full collection. Here a slot is emptied and used again.
 */
export class SlotSet<T> implements Iterable<T> {
  readonly #items: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#items.length - this.#free.length;
  }

  /** @returns the slot, for `delete` */
  add(item: T): number {
    const slot = this.#free.pop() ?? this.#items.length;
    this.#items[slot] = item;
    return slot;
  }

  /** Empties a slot that `add` gave; each only once. */
  delete(slot: number): void {
    this.#items[slot] = undefined;
    this.#free.push(slot);
  }

  /** Slots with what is in them. */
  *entries(): IterableIterator<[slot: number, item: T]> {
    for (const [slot, item] of this.#items.entries()) if (item !== undefined) yield [slot, item];
  }

  /** The first item of which the test is true. */
  find(test: (item: T) => boolean): T | undefined {
    for (const item of this.#items) if (item !== undefined && test(item)) return item;
    return undefined;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const item of this.#items) if (item !== undefined) yield item;
  }
}
