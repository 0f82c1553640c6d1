interface Waiter {
  partyId: string;
  enter(): void;
}

/**
 * Counts whose calls are inside a server, and lets one party at a time into a server whose questions
 * cannot be told apart. Calls of a party that is in go through at once, since a client may have to call
 * again in order to answer; others wait in order.
 */
export class Turns {
  /** Party ids and how many of their calls are inside. */
  readonly #inside = new Map<string, number>();
  #waiting: Waiter[] = [];

  /**
   * @param exclusive whether parties take turns; otherwise everybody may enter
   * @returns whether the call may go on; each `true` wants a `leave`
   */
  tryEnter(partyId: string, exclusive: boolean): boolean {
    if (exclusive && !this.#inside.has(partyId)) {
      if (this.#inside.size > 0 || this.#waiting.length > 0) return false;
    }
    this.#count(partyId, 1);
    return true;
  }

  /**
   * Waits for the turn; wants a `leave` when it resolves.
   * @throws the signal's reason where it aborts first; the place in the queue is then given up
   */
  wait(partyId: string, signal: AbortSignal): Promise<void> {
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
          this.#count(partyId, 1);
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
    this.#count(partyId, -1);
    this.#admit();
  }

  /** Lets in the first that waits, and all others of its party. */
  #admit(): void {
    const next = this.#waiting[0]?.partyId;
    if (next === undefined) return;
    const free = this.#inside.size === 0 || (this.#inside.size === 1 && this.#inside.has(next));
    if (!free) return;
    const admitted = this.#waiting.filter((waiter) => waiter.partyId === next);
    this.#waiting = this.#waiting.filter((waiter) => waiter.partyId !== next);
    for (const waiter of admitted) waiter.enter();
  }

  #count(partyId: string, by: number): void {
    const count = (this.#inside.get(partyId) ?? 0) + by;
    if (count > 0) this.#inside.set(partyId, count);
    else this.#inside.delete(partyId);
  }
}
