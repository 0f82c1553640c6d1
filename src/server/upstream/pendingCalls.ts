import type { PendingCall } from './pendingCall.ts';

/**
 * The open requests of one connection by their ids. A plain object without prototype instead of a
 * `Map`, whose old tables would keep every call that passes through alive (see `SlotSet`).
 */
export class PendingCalls {
  readonly #byId: Record<number, PendingCall> = Object.create(null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(call: PendingCall): void {
    this.#byId[call.id] = call;
    this.#size += 1;
  }

  /** @param id anything that a server put there */
  get(id: unknown): PendingCall | undefined {
    return typeof id === 'number' ? this.#byId[id] : undefined;
  }

  delete(call: PendingCall): void {
    if (this.#byId[call.id] !== call) return;
    delete this.#byId[call.id];
    this.#size -= 1;
  }

  /** Oldest first; safe against changes meanwhile. */
  values(): PendingCall[] {
    return Object.values(this.#byId);
  }
}
