import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { type JsonRpcNotification, RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import type { Log } from '../../log.ts';
import { metaKeys } from '../../protocol/modernProtocol.ts';
import { Backoff } from '../backoff.ts';
import type { Connection } from '../connection.ts';
import { waitFor } from '../waitFor.ts';

const acknowledgeLimitMs = 15_000;
const leastPauseMs = 1000;
const forever = Number.POSITIVE_INFINITY;

export interface ListenLoopOptions {
  connection: Connection;
  /** The server's. */
  capabilities: JsonObject;
  log: Log;
  /** Gets what belongs to no call, as the session era has it. */
  heard(notification: JsonRpcNotification): void;
  listsChanged(): void;
}

/** One `subscriptions/listen` request. */
interface Stream {
  /** What the server was asked to tell of. */
  wanted: ReadonlySet<string>;
  /** The resources that it agreed to tell of, once it has. */
  honoured: Promise<ReadonlySet<string>>;
  abort: AbortController;
  hasEnded: boolean;
}

const listMembers = {
  tools: 'toolsListChanged',
  prompts: 'promptsListChanged',
  resources: 'resourcesListChanged',
} as const;

/**
 * Keeps one stream open on which a server tells of changes (MCP 2026-07-28, basic/patterns/subscriptions):
 * what it tells of is fixed for each, so another takes its place when that has to change.
 */
export class ListenLoop {
  readonly #lists: JsonObject;
  readonly #mayName: boolean;
  readonly #backoff = new Backoff();
  #wanted: ReadonlySet<string> = new Set();
  #stream: Stream | undefined;
  #changing: Promise<unknown> = Promise.resolve();
  /** The server does not know the method. */
  #isUseless = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ListenLoopOptions) {
    const { capabilities } = options;
    const lists = Object.entries(listMembers).filter(([kind]) =>
      has(capabilities[kind], 'listChanged'),
    );
    this.#lists = Object.fromEntries(lists.map(([, member]) => [member, true]));
    this.#mayName = has(capabilities.resources, 'subscribe');
  }

  /**
   * Hears of lists, and of these resources, from now on.
   * @returns those that the server agreed to tell of
   * @throws RpcError what the server answered; an error where it does not answer in time
   */
  listenTo(uris: Iterable<string>): Promise<ReadonlySet<string>> {
    this.#wanted = this.#mayName ? new Set(uris) : new Set();
    const changed = this.#changing.then(() => this.#change());
    this.#changing = changed.catch(() => {});
    return changed;
  }

  async #change(): Promise<ReadonlySet<string>> {
    const wanted = this.#wanted;
    const previous = this.#stream;
    if (previous !== undefined && isSame(previous.wanted, wanted)) return previous.honoured;
    const isNothing = wanted.size === 0 && Object.keys(this.#lists).length === 0;
    if (isNothing || this.#isUseless || !this.options.connection.isUsable) {
      this.#stream = undefined;
      previous?.abort.abort(new Error('nobody listens any more'));
      return new Set();
    }
    const next = this.#open(wanted);
    const honoured = await waitFor(next.honoured, AbortSignal.timeout(acknowledgeLimitMs)).catch(
      (error: unknown) => {
        next.abort.abort(new Error('no acknowledgment'));
        if (previous === undefined) this.#tryLater(error);
        throw error;
      },
    );
    previous?.abort.abort(new Error('another stream has taken its place'));
    this.#backoff.connected();
    this.#stream = next.hasEnded ? undefined : next;
    if (next.hasEnded) this.#tryLater(new Error('The stream ended as soon as it began.'));
    return honoured;
  }

  #open(wanted: ReadonlySet<string>): Stream {
    const abort = new AbortController();
    let acknowledge: (uris: ReadonlySet<string>) => void = () => {};
    let refuse: (error: unknown) => void = () => {};
    const honoured = new Promise<ReadonlySet<string>>((resolve, reject) => {
      acknowledge = resolve;
      refuse = reject;
    });
    const stream: Stream = { wanted, honoured, abort, hasEnded: false };
    const notifications = {
      ...this.#lists,
      ...(wanted.size > 0 && { resourceSubscriptions: [...wanted] }),
    };
    void this.options.connection
      .request({
        method: 'subscriptions/listen',
        params: { notifications },
        signal: abort.signal,
        timeoutMs: forever,
        onHeard: (notification) => {
          const agreed = agreedUris(notification);
          if (agreed !== undefined) acknowledge(agreed);
          else this.#heard(notification, stream);
        },
      })
      .then(
        () => new Error('The server ended the stream.'),
        (error: unknown) => error,
      )
      .then((error) => {
        refuse(error); // of no account once it was acknowledged
        this.#ended(stream, error);
      });
    return stream;
  }

  /** What does not belong on such a stream goes to nobody. */
  #heard(notification: JsonRpcNotification, stream: Stream): void {
    const { method } = notification;
    if (method.endsWith('/list_changed')) this.options.listsChanged();
    else if (method === 'notifications/resources/updated') {
      this.options.heard(asSessionNotification(notification));
    } else if (method === 'notifications/cancelled') {
      stream.abort.abort(new Error('The server ended the stream.'));
    }
  }

  /** One that ended by itself is opened again, and whatever could have changed meanwhile counts as changed. */
  #ended(stream: Stream, error: unknown): void {
    stream.hasEnded = true;
    if (error instanceof RpcError && error.code === rpcCodes.methodNotFound) this.#isUseless = true;
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#tryLater(error);
  }

  #tryLater(error: unknown): void {
    const { connection, log } = this.options;
    if (!connection.isUsable || this.#isUseless || this.#timer !== undefined) return;
    log.debug('changes are not heard of', { server: connection.serverName, error: String(error) });
    this.#backoff.failed();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.#again();
      },
      Math.max(leastPauseMs, this.#backoff.waitMs),
    ).unref();
  }

  async #again(): Promise<void> {
    if (this.#stream !== undefined || !this.options.connection.isUsable) return;
    try {
      const uris = await this.listenTo(this.#wanted);
      this.options.listsChanged();
      for (const uri of uris) {
        const method = 'notifications/resources/updated';
        this.options.heard({ jsonrpc: '2.0', method, params: { uri } });
      }
    } catch {
      // Told, and to be tried again, already.
    }
  }
}

function has(capability: JsonObject[string], member: string): boolean {
  return isJsonObject(capability) && capability[member] === true;
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((uri) => b.has(uri));
}

/** @returns undefined for what is no acknowledgment */
function agreedUris({ method, params }: JsonRpcNotification): ReadonlySet<string> | undefined {
  if (method !== 'notifications/subscriptions/acknowledged') return undefined;
  const agreed = isJsonObject(params?.notifications) ? params.notifications : {};
  const uris = Array.isArray(agreed.resourceSubscriptions) ? agreed.resourceSubscriptions : [];
  return new Set(uris.filter((uri) => typeof uri === 'string'));
}

/** The id of the stream means nothing to clients. */
function asSessionNotification(notification: JsonRpcNotification): JsonRpcNotification {
  const { params } = notification;
  if (!isJsonObject(params?._meta)) return notification;
  const { [metaKeys.subscriptionId]: _, ..._meta } = params._meta;
  const { _meta: _all, ...rest } = params;
  const isEmpty = Object.keys(_meta).length === 0;
  return { ...notification, params: isEmpty ? rest : { ...rest, _meta } };
}
