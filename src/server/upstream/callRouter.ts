import type { JsonObject } from '../../contract/json.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import type { Party } from './caller.ts';
import type { ConnectionSlot } from './connectionSlot.ts';
import type { SlotDirectory } from './slotDirectory.ts';
import { UpstreamError } from './upstreamError.ts';
import type { UpstreamCall } from './upstreams.ts';
import { waitFor } from './waitFor.ts';
import { withNewSession } from './withNewSession.ts';

/** What the router has to know of its server. */
export interface RouterHost {
  readonly name: string;
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
    return withNewSession(this.host.name, () => this.#callOnce(call));
  }

  async #callOnce(call: UpstreamCall): Promise<JsonObject> {
    const { caller, signal, method, params } = call;
    const { party } = caller;
    for (;;) {
      const record = this.host.usableRecord();
      signal.throwIfAborted();
      const slot = this.directory.current(party) ?? (await this.directory.assign(party, signal));
      const timeoutMs = record.call_timeout_s * 1000;
      const { live } = slot;
      if (live === undefined) {
        await waitFor(slot.connect(party), signal);
        continue;
      }
      const request = { method, params, caller, signal, timeoutMs };
      if (!live.connection.isPipe) return live.connection.request(request);
      if (!slot.turns.tryEnter(party.id, this.host.catalog.asksClients)) {
        await this.#waitForTurn(slot, party, signal, timeoutMs);
      }
      try {
        // Waiting for the turn may have taken long enough for another connection to be the right one.
        if (slot.live === live && this.directory.current(party) === slot) {
          return await live.connection.request(request);
        }
      } finally {
        slot.turns.leave(party.id);
      }
    }
  }

  async #waitForTurn(
    slot: ConnectionSlot,
    party: Party,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<void> {
    const text = `Server "${this.host.name}" was busy with calls of other clients for ${timeoutMs / 1000} s. Try again.`;
    const limit = new AbortController();
    const busy = new UpstreamError('timeout', this.host.name, text);
    const timer = setTimeout(() => limit.abort(busy), timeoutMs).unref();
    try {
      await slot.turns.wait(party.id, AbortSignal.any([signal, limit.signal]));
    } finally {
      clearTimeout(timer);
    }
  }
}
