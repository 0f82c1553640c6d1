import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import {
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
  RpcError,
  rpcCodes,
} from '../../contract/jsonRpc.ts';
import type { Log } from '../log.ts';
import { metaKeys } from '../protocol/modernProtocol.ts';
import type { Caller } from './caller.ts';
import { type CallOwner, ownerOf } from './callOwner.ts';
import type { PendingCalls } from './pendingCalls.ts';
import type { Questions } from './questions.ts';
import type { TaskOwners } from './taskOwners.ts';
import type { MessageOrigin } from './transport.ts';

/** What becomes of messages that a server sends by itself. */
export interface IncomingHost {
  readonly serverName: string;
  /** A notification that belongs to no single call. */
  notice(notification: JsonRpcNotification): void;
  /** One of its lists changed. */
  listChanged(): void;
  /** It asks for roots: the answer. `owner` is whose question it seems to be. */
  roots(owner: CallOwner): Promise<readonly JsonObject[]>;
  /** It asks clients things over a pipe. `owner` is whose question it seems to be. */
  asksClients(owner: CallOwner): void;
}

export interface IncomingDependencies {
  host: IncomingHost;
  log: Log;
  /** Open ones. */
  calls: PendingCalls;
  tasks: TaskOwners;
  questions: Questions;
  send(message: JsonRpcMessage): void;
}

const listNotifications = new Set([
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/prompts/list_changed',
]);

/** Gives notifications and requests of one server to those whom they belong to. */
export class IncomingMessages {
  constructor(private readonly dependencies: IncomingDependencies) {}

  notification(notification: JsonRpcNotification, origin: MessageOrigin): void {
    const { host } = this.dependencies;
    const { method, params } = notification;
    if (method === 'notifications/cancelled') {
      this.#cancelled(notification);
      return;
    }
    const listener = this.#listenerOf(params, origin);
    if (listener !== undefined) {
      listener(notification);
    } else if (method === 'notifications/progress') {
      this.#progress(notification);
    } else if (listNotifications.has(method)) {
      host.listChanged();
    } else {
      const owner = this.#noticeOwner(notification, origin);
      if (owner === undefined) host.notice(notification);
      else owner.notify(notification);
    }
  }

  request(request: JsonRpcRequest, origin: MessageOrigin): void {
    const { host, calls, tasks, questions, send } = this.dependencies;
    const { id, method, params } = request;
    if (method === 'ping') {
      send({ jsonrpc: '2.0', id, result: {} });
      return;
    }
    const owner = ownerOf(params, origin, calls, tasks);
    if (method === 'roots/list') {
      void this.#answerRoots(request, owner);
      return;
    }
    if (origin === 'pipe') host.asksClients(owner);
    questions.ask(request, owner);
  }

  /** The server takes a question back, or ends a stream on which it told of changes. */
  #cancelled(notification: JsonRpcNotification): void {
    const { calls, questions } = this.dependencies;
    const id = notification.params?.requestId;
    const listener = calls.get(id)?.options.onHeard;
    if (listener !== undefined) listener(notification);
    else if (typeof id === 'string' || typeof id === 'number') questions.cancelled(id);
  }

  /** Who opened the stream that a notification came on, or that it names. */
  #listenerOf(params: JsonObject | undefined, origin: MessageOrigin) {
    const named = isJsonObject(params?._meta) ? params._meta[metaKeys.subscriptionId] : undefined;
    if (named === undefined && typeof origin !== 'number') return undefined;
    return this.dependencies.calls.get(named ?? origin)?.options.onHeard;
  }

  /**
   * A notification belongs to the call on whose stream it came; on a pipe, log messages belong to the
   * only party with open calls. Updates belong to subscribers, whatever they came on.
   */
  #noticeOwner(notification: JsonRpcNotification, origin: MessageOrigin): Caller | undefined {
    const { method, params } = notification;
    if (method === 'notifications/resources/updated') return undefined;
    if (origin === 'pipe' && method !== 'notifications/message') return undefined;
    const owner = ownerOf(params, origin, this.dependencies.calls, this.dependencies.tasks);
    return owner.kind === 'party' ? owner.caller : undefined;
  }

  #progress(notification: JsonRpcNotification): void {
    const { calls, tasks } = this.dependencies;
    const token = notification.params?.progressToken;
    const call = calls.get(token);
    if (call !== undefined) call.lastHeard = performance.now();
    const owner = call ?? tasks.ofToken(token);
    if (owner?.caller === undefined || owner.clientToken === undefined) return;
    const params = { ...notification.params, progressToken: owner.clientToken };
    owner.caller.notify({ ...notification, params });
  }

  async #answerRoots({ id }: JsonRpcRequest, owner: CallOwner): Promise<void> {
    const { host, send } = this.dependencies;
    try {
      const roots = await host.roots(owner);
      send({ jsonrpc: '2.0', id, result: { roots: [...roots] } });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = error instanceof RpcError ? error.code : rpcCodes.internalError;
      send({ jsonrpc: '2.0', id, error: { code, message } });
    }
  }
}
