import type { Collection } from './store.ts';

/** Records of one kind in memory, in the order in which they were added. */
export class MemoryCollection<T> implements Collection<T> {
  readonly #records: Map<string, T>;

  constructor(records: Iterable<readonly [string, T]> = []) {
    this.#records = new Map(records);
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): Readonly<T> | undefined {
    return this.#records.get(id);
  }

  all(): Iterable<Readonly<T>> {
    return this.#records.values();
  }

  /** Puts a record, or deletes it where it is undefined. */
  set(id: string, record: T | undefined): void {
    if (record === undefined) this.#records.delete(id);
    else this.#records.set(id, record);
  }
}
