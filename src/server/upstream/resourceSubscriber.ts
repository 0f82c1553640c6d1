import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import type { CancelSignal } from '../cancellation.ts';
import type { Caller, Party } from './caller.ts';
import type { ConnectionSlot } from './connectionSlot.ts';
import type { ModernServer } from './modern/modernServer.ts';
import type { SlotDirectory } from './slotDirectory.ts';
import type { UpstreamCall, Upstreams } from './upstreams.ts';
import { waitFor } from './waitFor.ts';

export interface SubscriberHost {
  readonly name: string;
  /** @throws UpstreamError where the server was deleted or switched off */
  usableRecord(): ServerRecord;
  /** @throws as `Upstreams.call` */
  call(call: UpstreamCall): ReturnType<Upstreams['call']>;
}

/** Parties' subscriptions to resources of one server, told to it in the way of its era. */
export class ResourceSubscriber {
  constructor(
    private readonly host: SubscriberHost,
    private readonly directory: SlotDirectory,
  ) {}

  /** @throws as `Upstreams.subscribe` */
  async subscribe(uri: string, caller: Caller, signal: CancelSignal): Promise<void> {
    const { host, directory } = this;
    const { party } = caller;
    host.usableRecord();
    const slot = directory.current(party) ?? (await directory.assign(party, signal));
    if (slot.live === undefined) await waitFor(slot.connect(party), signal);
    if (slot.live?.modern) {
      await this.#listen(slot, slot.live.modern, uri, party, signal);
      return;
    }
    if (slot.live === undefined || !slot.subscriptions.has(uri)) {
      await host.call({ method: 'resources/subscribe', params: { uri }, caller, signal });
    }
    directory.current(party)?.subscriptions.add(uri, party.id);
  }

  unsubscribe(uri: string, party: Party): void {
    const slot = this.directory.current(party);
    if (slot?.subscriptions.remove(uri, party.id)) slot.unsubscribed([uri]);
  }

  /** A server without sessions agrees to tell of a resource, or does not. */
  async #listen(
    slot: ConnectionSlot,
    modern: ModernServer,
    uri: string,
    party: Party,
    signal: CancelSignal,
  ): Promise<void> {
    slot.subscriptions.add(uri, party.id);
    try {
      const heard = await waitFor(modern.listenTo(slot.subscriptions.uris()), signal);
      if (heard.has(uri)) return;
      const text = `Server "${this.host.name}" does not tell of changes of ${uri}`;
      throw new RpcError(rpcCodes.invalidParams, text);
    } catch (error) {
      if (slot.subscriptions.remove(uri, party.id)) slot.unsubscribed([uri]);
      throw error;
    }
  }
}
