import type { CancelSignal } from '../cancellation.ts';

interface Waiter {
  partyId: string;
  enter(): void;
}

/** A party with calls inside. */
interface Guest {
  readonly partyId: string;
  calls: number;
}

/**
 * Counts whose calls are inside a server, and lets one party at a time into a server whose questions
 * cannot be told apart. Calls of a party that is in go through at once, since a client may have to call
 * again in order to answer; others wait in order.
 */
export class Turns {
  /** Few at a time; no `Map`, since they come and go with every call (see `SlotSet`). */
  readonly #inside: Guest[] = [];
  #waiting: Waiter[] = [];

  /**
   * @param exclusive whether parties take turns; otherwise everybody may enter
   * @returns whether the call may go on; each `true` wants a `leave`
   */
  tryEnter(partyId: string, exclusive: boolean): boolean {
    if (exclusive && this.#guest(partyId) === undefined) {
      if (this.#inside.length > 0 || this.#waiting.length > 0) return false;
    }
    this.#enter(partyId);
    return true;
  }

  /**
   * Waits for the turn; wants a `leave` when it resolves.
   * @throws the signal's reason where it aborts first; the place in the queue is then given up
   */
  wait(partyId: string, signal: CancelSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        this.#admit();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        partyId,
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          this.#enter(partyId);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  /** A call that entered has ended. */
  leave(partyId: string): void {
    const guest = this.#guest(partyId);
    if (guest === undefined) return;
    guest.calls -= 1;
    if (guest.calls > 0) return;
    this.#inside.splice(this.#inside.indexOf(guest), 1);
    if (this.#waiting.length > 0) this.#admit();
  }

  /** Lets in the first that waits, and all others of its party. */
  #admit(): void {
    const next = this.#waiting[0]?.partyId;
    if (next === undefined) return;
    if (this.#inside.some(({ partyId }) => partyId !== next)) return;
    const admitted = this.#waiting.filter((waiter) => waiter.partyId === next);
    this.#waiting = this.#waiting.filter((waiter) => waiter.partyId !== next);
    for (const waiter of admitted) waiter.enter();
  }

  #enter(partyId: string): void {
    const guest = this.#guest(partyId);
    if (guest === undefined) this.#inside.push({ partyId, calls: 1 });
    else guest.calls += 1;
  }

  #guest(partyId: string): Guest | undefined {
    for (const guest of this.#inside) if (guest.partyId === partyId) return guest;
    return undefined;
  }
}
