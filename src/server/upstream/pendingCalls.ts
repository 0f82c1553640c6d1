import type { PendingCall } from './pendingCall.ts';

const firstCapacity = 64;

/**
 * The open requests of one connection by their ids, which it gives out itself: each call stands where
 * the last bits of its id say. No `Map`, whose old tables would keep every call that passes through
 * alive (see `SlotSet`).
 */
export class PendingCalls {
  /** A power of two in length. */
  #slots: (PendingCall | undefined)[] = emptySlots(firstCapacity);
  #lastId = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** An id that was never used here before, and whose place is free. */
  nextId(): number {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    do this.#lastId += 1;
    while (this.#slots[this.#slotOf(this.#lastId)] !== undefined);
    return this.#lastId;
  }

  /** @param call has an id of `nextId`, and no other was asked for since */
  add(call: PendingCall): void {
    this.#slots[this.#slotOf(call.id)] = call;
    this.#size += 1;
  }

  /** @param id anything that a server put there */
  get(id: unknown): PendingCall | undefined {
    if (typeof id !== 'number') return undefined;
    const call = this.#slots[this.#slotOf(id)];
    return call?.id === id ? call : undefined;
  }

  delete(call: PendingCall): void {
    const slot = this.#slotOf(call.id);
    if (this.#slots[slot] !== call) return;
    this.#slots[slot] = undefined;
    this.#size -= 1;
  }

  /** Oldest first; safe against changes meanwhile. */
  values(): PendingCall[] {
    const calls = this.#slots.filter((call) => call !== undefined);
    return calls.sort((a, b) => a.id - b.id);
  }

  #slotOf(id: number): number {
    return id & (this.#slots.length - 1);
  }

  #grow(): void {
    const calls = this.values();
    this.#slots = emptySlots(this.#slots.length * 2);
    for (const call of calls) this.#slots[this.#slotOf(call.id)] = call;
  }
}

function emptySlots(count: number): (PendingCall | undefined)[] {
  return new Array<PendingCall | undefined>(count).fill(undefined);
}
