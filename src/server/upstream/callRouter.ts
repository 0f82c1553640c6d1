import type { JsonObject } from '../../contract/json.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import { abortSignalOf } from '../cancellation.ts';
import type { ConnectionSlot } from './connectionSlot.ts';
import type { SlotDirectory } from './slotDirectory.ts';
import { UpstreamError } from './upstreamError.ts';
import type { UpstreamCall } from './upstreams.ts';
import { waitFor } from './waitFor.ts';
import { withNewSession } from './withNewSession.ts';
import { withoutModernMembers } from './withoutModernMembers.ts';

/** What the router has to know of its server. */
export interface RouterHost {
  readonly name: string;
  /** undefined where it was deleted or switched off. */
  readonly recordInUse: ServerRecord | undefined;
  /** @throws UpstreamError where it was deleted or switched off */
  usableRecord(): ServerRecord;
  readonly catalog: { readonly asksClients: boolean };
}

/** Sends each call through the connection of its party, opening that where needed, when it is its turn. */
export class CallRouter {
  constructor(
    private readonly host: RouterHost,
    private readonly directory: SlotDirectory,
  ) {}

  /** @throws as `Upstreams.call` */
  call(call: UpstreamCall): Promise<JsonObject> {
    return withNewSession(this.host.name, () => this.#send(call) ?? this.#sendWhenReady(call));
  }

  /** Sends it where all is ready for it: an open connection, and its turn. */
  #send(call: UpstreamCall): Promise<JsonObject> | undefined {
    const { method, params, caller, signal } = call;
    const record = this.host.recordInUse;
    if (record === undefined || signal.aborted) return undefined;
    const slot = this.directory.current(caller.party);
    const live = slot?.live;
    if (slot === undefined || live === undefined) return undefined;
    const { connection, modern } = live;
    const timeoutMs = record.call_timeout_s * 1000;
    // Without sessions nothing has to be told apart: no turns.
    if (modern !== undefined) return modern.call(call, timeoutMs);
    const takesTurns = connection.isPipe && this.host.catalog.asksClients;
    if (!slot.turns.tryEnter(caller.party.id, takesTurns)) return undefined;
    const answer = connection.request({ method, params, caller, signal, timeoutMs });
    return call.repetition === undefined ? answer : answer.then(withoutModernMembers);
  }

  async #sendWhenReady(call: UpstreamCall): Promise<JsonObject> {
    const { signal } = call;
    const { party } = call.caller;
    for (;;) {
      const record = this.host.usableRecord();
      signal.throwIfAborted();
      const slot = this.directory.current(party) ?? (await this.directory.assign(party, signal));
      if (slot.live === undefined) await waitFor(slot.connect(party), signal);
      const timeoutMs = record.call_timeout_s * 1000;
      const answer = this.#send(call) ?? (await this.#sendInTurn(slot, call, timeoutMs));
      if (answer !== undefined) return answer;
    }
  }

  /** @returns undefined where meanwhile another connection is the right one */
  async #sendInTurn(
    slot: ConnectionSlot,
    call: UpstreamCall,
    timeoutMs: number,
  ): Promise<JsonObject | undefined> {
    const { party } = call.caller;
    if (slot.live === undefined || this.directory.current(party) !== slot) return undefined;
    await this.#waitForTurn(slot, call, timeoutMs);
    try {
      return this.#send(call); // not awaited: what was sent has entered by itself
    } finally {
      slot.turns.leave(party.id);
    }
  }

  async #waitForTurn(
    slot: ConnectionSlot,
    { caller, signal }: UpstreamCall,
    timeoutMs: number,
  ): Promise<void> {
    const text = `Server "${this.host.name}" was busy with calls of other clients for ${timeoutMs / 1000} s. Try again.`;
    const limit = new AbortController();
    const busy = new UpstreamError('timeout', this.host.name, text);
    const timer = setTimeout(() => limit.abort(busy), timeoutMs).unref();
    try {
      const either = AbortSignal.any([abortSignalOf(signal), limit.signal]);
      await slot.turns.wait(caller.party.id, either);
    } finally {
      clearTimeout(timer);
    }
  }
}
