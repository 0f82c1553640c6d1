import { randomUUID } from 'node:crypto';
import { invalidState } from '../../protocol/invalidState.ts';
import { RequestStateSeal, type StateBinding } from './requestState.ts';

/** States of servers are up to 64 KiB; as JSON in JSON, sealed and as text, characters take up to ten. */
const maxLength = 640 * 1024;

export interface RelayedStatesOptions {
  /** How long a client may take over its answers. */
  lifeMs: number;
  /** Used ones that are remembered; beyond, all that are as old as the oldest of them count as used. */
  limit: number;
  /** Monotonic milliseconds. */
  now?: () => number;
}

/**
 * States of servers that wait for their clients' answers: clients carry them, sealed for one request and
 * one use, so that nothing is kept here for clients that never come back.
 */
export class RelayedStates {
  readonly #seal = new RequestStateSeal(maxLength);
  /** When those that came back were given out; oldest use first. */
  readonly #used = new Map<string, number>();
  /** What was given out up to here is of no use any more. */
  #closedUntil = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  constructor(private readonly options: RelayedStatesOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** @returns what the client has to send back */
  give(state: string, binding: StateBinding): string {
    return this.#seal.seal(JSON.stringify([randomUUID(), this.#now(), state]), binding);
  }

  /**
   * The state that was given out for this request, once.
   * @returns undefined for what was not given out here for it
   * @throws RpcError −32602 for one that was used, or is too old
   */
  take(sealed: unknown, binding: StateBinding): string | undefined {
    const text = typeof sealed === 'string' ? this.#seal.open(sealed, binding) : undefined;
    if (text === undefined) return undefined;
    const [id, givenAt, state] = JSON.parse(text) as [string, number, string]; // sealed here
    const isOld = this.#now() - givenAt > this.options.lifeMs || givenAt <= this.#closedUntil;
    if (isOld || this.#used.has(id)) throw invalidState();
    this.#used.set(id, givenAt);
    this.#forget();
    return state;
  }

  #forget(): void {
    const past = this.#now() - this.options.lifeMs;
    for (const [id, givenAt] of this.#used) {
      const isTooMany = this.#used.size > this.options.limit;
      if (givenAt >= past && !isTooMany) return;
      this.#used.delete(id);
      if (isTooMany) this.#closedUntil = Math.max(this.#closedUntil, givenAt);
    }
  }
}
