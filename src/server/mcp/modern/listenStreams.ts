import type { ServerEvent } from '../../../contract/events.ts';
import { type RequestId, RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import { SlotSet } from '../../slotSet.ts';
import type { UpstreamNotice, Upstreams } from '../../upstream/upstreams.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import type { Operations } from '../../vmcp/operations/operations.ts';
import type { PartyMemories } from '../../vmcp/operations/partyMemory.ts';
import { clientNotification } from '../../vmcp/operations/relayCaller.ts';
import type { ListenFilter } from './listenFilter.ts';
import { ListenStream } from './listenStream.ts';
import type { ModernClient } from './modernClients.ts';
import type { ModernReply } from './modernReply.ts';

const maxStreams = 1024;
/** A server that takes longer over a subscription is left out of it. */
const subscribeLimitMs = 15_000;

export interface ListenStreamsDependencies {
  vmcps: Vmcps;
  upstreams: Upstreams;
  operations: Operations;
  memories: PartyMemories;
  events: EventBus;
  log: Log;
}

export interface ListenRequest {
  /** The client token that it came with; null without one. */
  tokenId: string | null;
  requestId: RequestId;
  vmcpId: string;
  reply: ModernReply;
  client: ModernClient;
  filter: ListenFilter;
}

/** The streams of `subscriptions/listen`, and what is brought to them. */
export class ListenStreams {
  readonly #streams = new SlotSet<ListenStream>();
  readonly #stop: (() => void)[];
  #count = 0;

  constructor(private readonly dependencies: ListenStreamsDependencies) {
    this.#stop = [
      dependencies.events.subscribe((event) => this.#onEvent(event)),
      dependencies.upstreams.onNotice((notice) => this.#onNotice(notice)),
    ];
  }

  /** Opens a stream; it lives until its client leaves. @throws RpcError where there are too many */
  async open(request: ListenRequest): Promise<void> {
    const { requestId, vmcpId, reply, client, filter, tokenId } = request;
    if (this.#streams.size >= maxStreams && !this.#makeRoomFor(tokenId)) {
      throw new RpcError(
        rpcCodes.internalError,
        'Too many clients listen already. Try again later.',
      );
    }
    const stream = new ListenStream({
      ...{ number: ++this.#count, requestId, vmcpId, reply, memoryOwner: client, tokenId },
    });
    const slot = this.#streams.add(stream);
    reply.onEnded(() => {
      this.#streams.delete(slot);
      stream.cancellation.abort(new Error('the client left'));
      this.dependencies.upstreams.release(stream);
    });
    reply.onLeft(() => undefined);
    const subscribed = await this.#subscribe(stream, client, [...filter.uris]);
    stream.acknowledge({ ...filter, uris: new Set(subscribed) });
    if (stream.cancellation.aborted) this.dependencies.upstreams.release(stream);
  }

  tick(now: number): void {
    for (const stream of this.#streams) stream.tick(now);
  }

  close(): void {
    for (const stop of this.#stop) stop();
    for (const stream of this.#streams) stream.end();
  }

  /** Ends the oldest stream of the token that has most of them. @returns false where that is this one */
  #makeRoomFor(tokenId: string | null): boolean {
    const byToken = new Map<string | null, ListenStream[]>([[tokenId, []]]);
    for (const stream of this.#streams) {
      const sameToken = byToken.get(stream.tokenId) ?? [];
      sameToken.push(stream);
      byToken.set(stream.tokenId, sameToken);
    }
    const own = byToken.get(tokenId)?.length ?? 0;
    const [most = []] = [...byToken.values()].sort((a, b) => b.length - a.length);
    if (most.length <= own) return false;
    const [oldest] = most.sort((a, b) => a.number - b.number);
    oldest?.end();
    return true;
  }

  /** @returns the URIs that could be subscribed to */
  async #subscribe(
    stream: ListenStream,
    client: ModernClient,
    uris: readonly string[],
  ): Promise<readonly string[]> {
    if (uris.length === 0) return uris;
    const { cancellation } = stream;
    const limit = AbortSignal.any([
      cancellation.abortSignal,
      AbortSignal.timeout(subscribeLimitMs),
    ]);
    const outcomes = await Promise.all(
      uris.map((uri) =>
        this.dependencies.operations
          .perform({
            vmcpId: stream.vmcpId,
            method: 'resources/subscribe',
            params: { uri },
            caller: stream,
            signal: limit,
            client,
          })
          .then(
            () => true,
            (error: unknown) => {
              this.dependencies.log.debug('A subscription is left out', { uri, error });
              return false;
            },
          ),
      ),
    );
    return uris.filter((_, n) => outcomes[n]);
  }

  #onEvent(event: ServerEvent): void {
    if (event.type === 'vmcp.lists') {
      for (const stream of this.#of(event.vmcp_id)) stream.listsChanged(event.kinds);
    } else if (event.type === 'vmcp.resource') {
      for (const stream of this.#of(event.vmcp_id)) stream.resourceUpdated({ uri: event.uri });
    } else if (event.type === 'vmcp.removed') {
      for (const stream of this.#of(event.vmcp_id)) stream.end();
    }
  }

  #onNotice({ server_id, notification, concerns }: UpstreamNotice): void {
    if (notification.method !== 'notifications/resources/updated') return;
    const { vmcps, memories } = this.dependencies;
    for (const stream of this.#streams) {
      if (vmcps.find(stream.vmcpId) === undefined || !concerns(stream)) continue;
      const compiled = vmcps.compiled(stream.vmcpId);
      if (!compiled.serverIds.includes(server_id)) continue;
      const memory = memories.of(stream);
      const mapped = clientNotification(notification, server_id, compiled, memory);
      if (mapped?.params) stream.resourceUpdated(mapped.params);
    }
  }

  *#of(vmcpId: string): Iterable<ListenStream> {
    for (const stream of this.#streams) if (stream.vmcpId === vmcpId) yield stream;
  }
}
