import { randomUUID } from 'node:crypto';
import { invalidState } from '../../protocol/invalidState.ts';
import { RequestStateSeal, type StateBinding } from './requestState.ts';

/** A call that waits for its client to come back. */
export interface Parkable {
  /** The client did not come back. */
  giveUp(reason: string): void;
}

interface Parked<T> {
  call: T;
  timer: NodeJS.Timeout;
}

export interface ParkedCallsOptions {
  /** Of all clients. */
  limit: number;
  /** How long a client may take over its answers. */
  lifeMs: number;
}

/** Calls that ended a round with questions, by the state that their client has to send back. */
export class ParkedCalls<T extends Parkable> {
  readonly #parked = new Map<string, Parked<T>>();
  readonly #seal = new RequestStateSeal();

  constructor(private readonly options: ParkedCallsOptions) {}

  get size(): number {
    return this.#parked.size;
  }

  /** Keeps a call. @returns the state to give out; undefined where too many wait already */
  park(call: T, binding: StateBinding): string | undefined {
    if (this.#parked.size >= this.options.limit) return undefined;
    const handle = randomUUID();
    const timer = setTimeout(() => {
      this.#parked.delete(handle);
      call.giveUp(`no answer within ${Math.round(this.options.lifeMs / 1000)} s`);
    }, this.options.lifeMs).unref();
    this.#parked.set(handle, { call, timer });
    return this.#seal.seal(handle, binding);
  }

  /**
   * Gives a call back, once.
   * @throws RpcError −32602 for a state that is forged, used, expired, or of another request
   */
  take(state: unknown, binding: StateBinding): T {
    const handle = typeof state === 'string' ? this.#seal.open(state, binding) : undefined;
    const parked = handle === undefined ? undefined : this.#parked.get(handle);
    if (handle === undefined || parked === undefined) {
      throw invalidState();
    }
    this.#parked.delete(handle);
    clearTimeout(parked.timer);
    return parked.call;
  }

  /** It will not go on: its state is of no use any more. */
  forget(call: T): void {
    for (const [handle, parked] of this.#parked) {
      if (parked.call !== call) continue;
      this.#parked.delete(handle);
      clearTimeout(parked.timer);
    }
  }

  /** Ends all of them. */
  expireAll(reason: string): void {
    const all = [...this.#parked.values()];
    this.#parked.clear();
    for (const { call, timer } of all) {
      clearTimeout(timer);
      call.giveUp(reason);
    }
  }
}
