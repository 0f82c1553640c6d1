/** A call that waits for an interpreter. */
export interface WaitingCall<T> {
  vmcpId: string;
  /** Milliseconds, of `performance.now()`. */
  since: number;
  resolve(interpreter: T): void;
  reject(error: unknown): void;
}

/**
 * Of two vMCPs with waiting calls, the one goes first that has used less time, in units of this. It is not
 * less, since a change from one to the other may cost the start of an interpreter.
 */
const turnMs = 1_000;

/** Calls that wait, let in so that no vMCP can hold up the others. */
export class CallQueue<T> {
  readonly #calls = new Set<WaitingCall<T>>();
  /** Milliseconds that vMCPs have used since the queue was last empty. */
  readonly #used = new Map<string, number>();

  get size(): number {
    return this.#calls.size;
  }

  /** Waits in the queue until `resolve` or `reject` of the call is used. @throws the signal's reason */
  wait(vmcpId: string, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        this.#calls.delete(call);
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = () => {
        leave();
        reject(signal.reason);
      };
      const call: WaitingCall<T> = {
        vmcpId,
        since: performance.now(),
        resolve: (interpreter) => {
          leave();
          resolve(interpreter);
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#calls.add(call);
    });
  }

  /** Time that a call of a vMCP took. */
  addUsed(vmcpId: string, ms: number): void {
    if (this.#calls.size === 0) this.#used.clear();
    else this.#used.set(vmcpId, (this.#used.get(vmcpId) ?? 0) + ms);
  }

  /**
   * The calls in the order in which they should be let in: of the vMCP that runs least now, then of that
   * which has used least time, then the oldest.
   */
  inOrder(runningOf: (vmcpId: string) => number): WaitingCall<T>[] {
    const turnsOf = (vmcpId: string) => Math.floor((this.#used.get(vmcpId) ?? 0) / turnMs);
    return [...this.#calls].sort(
      (a, b) =>
        runningOf(a.vmcpId) - runningOf(b.vmcpId) ||
        turnsOf(a.vmcpId) - turnsOf(b.vmcpId) ||
        a.since - b.since,
    );
  }

  /** Nobody will be let in any more. */
  close(error: Error): void {
    for (const call of [...this.#calls]) call.reject(error);
  }
}
