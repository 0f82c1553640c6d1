/** Tells that something is given up: the platform's own signal, or the lighter one of a client's request. */
export type CancelSignal = AbortSignal | Cancellation;

/**
 * An `AbortController` and its signal in one, for what every call needs and hardly any uses: making
 * the platform's own and listening to it would cost a tenth of a call.
 */
export class Cancellation {
  aborted = false;
  reason: Error | undefined;
  #listener: (() => void) | undefined;
  /** More listeners than one: seldom, and then few. */
  #others: (() => void)[] | undefined;
  #controller: AbortController | undefined;

  /** For `fetch` and whatever else wants the platform's own; made when it is first asked for. */
  get abortSignal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.aborted) this.#controller.abort(this.reason);
    }
    return this.#controller.signal;
  }

  /** Tells the listeners, once; later reasons are of no account. */
  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = [this.#listener, ...(this.#others ?? [])];
    this.#listener = undefined;
    this.#others = undefined;
    this.#controller?.abort(reason);
    for (const listener of listeners) listener?.();
  }

  /** @throws the reason, once aborted */
  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  /** Each listener is told once at most. */
  addEventListener(_type: 'abort', listener: () => void, _options?: { once: true }): void {
    if (this.aborted) return;
    if (this.#listener === undefined) this.#listener = listener;
    else {
      this.#others ??= [];
      this.#others.push(listener);
    }
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (this.#listener === listener) this.#listener = undefined;
    else this.#others = this.#others?.filter((other) => other !== listener);
  }
}

/** A signal as the platform's own. */
export function abortSignalOf(signal: CancelSignal): AbortSignal {
  return signal instanceof Cancellation ? signal.abortSignal : signal;
}
