import type { ListKind } from '../../../contract/events.ts';
import type { JsonObject } from '../../../contract/json.ts';
import {
  type JsonRpcNotification,
  type RequestId,
  RpcError,
  rpcCodes,
} from '../../../contract/jsonRpc.ts';
import { Cancellation } from '../../cancellation.ts';
import { metaKeys } from '../../protocol/modernProtocol.ts';
import type { Caller, Party, Root } from '../../upstream/caller.ts';
import { resultText } from '../rpcText.ts';
import { isSubscribedTo } from '../subscribedTo.ts';
import { honoured, type ListenFilter } from './listenFilter.ts';
import type { ModernReply } from './modernReply.ts';

const listChanged: Record<ListKind, string> = {
  tools: 'notifications/tools/list_changed',
  prompts: 'notifications/prompts/list_changed',
  resources: 'notifications/resources/list_changed',
};

export interface ListenStreamOptions {
  /** Later ones have a higher one. */
  number: number;
  /** Of the client's request; every message of the stream names it. */
  requestId: RequestId;
  vmcpId: string;
  reply: ModernReply;
  /** Whose requests share what is remembered of URIs. */
  memoryOwner: object;
  /** The client token that it came with; null without one. */
  tokenId: string | null;
}

/** What one client hears of changes: only what it asked for, and nothing before it is told so. */
export class ListenStream implements Caller, Party {
  readonly id: string;
  readonly number: number;
  readonly tokenId: string | null;
  readonly vmcpId: string;
  readonly memoryOwner: object;
  readonly capabilities: JsonObject = {};
  readonly cancellation = new Cancellation();
  #filter: ListenFilter = { lists: new Set(), uris: new Set() };

  constructor(private readonly options: ListenStreamOptions) {
    this.id = `listen-${options.number}`;
    this.number = options.number;
    this.tokenId = options.tokenId;
    this.vmcpId = options.vmcpId;
    this.memoryOwner = options.memoryOwner;
  }

  get party(): Party {
    return this;
  }

  canAnswer(): boolean {
    return false;
  }

  /** Begins with what is honoured; before, nothing is sent. */
  acknowledge(filter: ListenFilter): void {
    this.#send('notifications/subscriptions/acknowledged', { notifications: honoured(filter) });
    this.#filter = filter;
  }

  listsChanged(kinds: readonly ListKind[]): void {
    for (const kind of kinds) if (this.#filter.lists.has(kind)) this.#send(listChanged[kind], {});
  }

  resourceUpdated(params: JsonObject): void {
    if (!isSubscribedTo(this.#filter.uris, params.uri)) return;
    this.#send('notifications/resources/updated', params);
  }

  /** No message follows; the client is told that this is on purpose. */
  end(): void {
    const { requestId, reply } = this.options;
    const result = { resultType: 'complete', _meta: { [metaKeys.subscriptionId]: requestId } };
    reply.finish(resultText(requestId, result, false));
    this.cancellation.abort(new Error('the stream ended'));
  }

  tick(now: number): void {
    this.options.reply.tick(now);
  }

  /** Progress and log messages do not travel here. */
  notify(_notification: JsonRpcNotification): void {}

  ask(method: string): Promise<JsonObject> {
    const text = `${method} cannot be asked of a client that listens`;
    return Promise.reject(new RpcError(rpcCodes.methodNotFound, text));
  }

  async roots(_signal: AbortSignal): Promise<readonly Root[]> {
    return [];
  }

  #send(method: string, params: JsonObject): void {
    const { requestId, reply } = this.options;
    const meta = typeof params._meta === 'object' ? params._meta : {};
    const _meta = { ...meta, [metaKeys.subscriptionId]: requestId };
    reply.send({ jsonrpc: '2.0', method, params: { ...params, _meta } });
  }
}
