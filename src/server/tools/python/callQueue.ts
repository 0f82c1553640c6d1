/** A call that waits for an interpreter. */
export interface WaitingCall<T> {
  vmcpId: string;
  /** Milliseconds, of `performance.now()`. */
  since: number;
  resolve(interpreter: T): void;
  reject(error: unknown): void;
}

/** Calls that wait, let in so that no vMCP can hold up the others. */
export class CallQueue<T> {
  readonly #calls = new Set<WaitingCall<T>>();

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

  /** The calls in the order in which they should be let in: first whose vMCP runs least, then oldest. */
  inOrder(runningOf: (vmcpId: string) => number): WaitingCall<T>[] {
    return [...this.#calls].sort(
      (a, b) => runningOf(a.vmcpId) - runningOf(b.vmcpId) || a.since - b.since,
    );
  }

  /** Nobody will be let in any more. */
  close(error: Error): void {
    for (const call of [...this.#calls]) call.reject(error);
  }
}
