import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import {
  type JsonRpcNotification,
  type JsonRpcRequest,
  type JsonRpcResponse,
  type RequestId,
  RpcError,
  rpcCodes,
} from '../../contract/jsonRpc.ts';
import { clientIdOf } from '../activity/clientId.ts';
import type { Cancellation } from '../cancellation.ts';
import type { EditorAnswers } from '../editor/editorAnswers.ts';
import { canAsk } from '../protocol/canAsk.ts';
import { SlotSet } from '../slotSet.ts';
import type { SessionRecord } from '../store/records.ts';
import type { Party, Root } from '../upstream/caller.ts';
import { EventStream } from './eventStream.ts';
import { passesLevel } from './logLevels.ts';
import type { OpenExchange, Outlet } from './outlet.ts';
import { PendingQuestions } from './pendingQuestions.ts';

/** Roots a client may take to tell; without an answer it counts as having none. */
const rootsLimitMs = 10_000;
const maxRoots = 100;
/** A client without any open stream for this long does not answer its questions any more. */
const unreachableLimitMs = 60_000;
/** A finished or abandoned stream can be resumed for this long. */
const resumableMs = 5 * 60_000;
const maxStreams = 16;

interface AskOptions {
  method: string;
  params?: JsonObject | undefined;
  signal: AbortSignal;
  /** Of the request that it belongs to. */
  outlet?: Outlet | undefined;
  onProgress?: ((params: JsonObject) => void) | undefined;
}

/** Why a request was ended that nobody waits for any more: it gets no answer. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
}

/** A request of a client that has no answer yet. */
interface OpenRequest {
  id: RequestId;
  cancellation: Cancellation;
}

/**
 * One client of one vMCP: its streams, open requests and open questions. A request without a
 * session is served by one that lives as long as the request.
 */
export class ClientSession implements Party {
  readonly id: string;
  readonly exchanges = new SlotSet<OpenExchange>();
  /** Open requests of the client. */
  readonly inFlight = new SlotSet<OpenRequest>();
  /** Messages of no request; resumable across connections. */
  readonly standalone: EventStream;
  /** Monotonic milliseconds: a clock that is set, or a night's sleep, ends no session. */
  lastUsed = performance.now();
  /** The use that is stored. */
  storedUse = performance.now();
  #everListened = false;
  #clientId: string | undefined;
  readonly #streams = new Map<string, EventStream>();
  #streamCount = 0;
  readonly #questions = new PendingQuestions();
  #roots: Promise<readonly Root[]> | undefined;
  #unreachable: NodeJS.Timeout | undefined;
  #ended = false;

  /** @param transient serves a single request; no resumption, no message outside of it */
  constructor(
    public record: SessionRecord,
    private readonly editor: EditorAnswers,
    readonly transient: boolean,
    /** Without ids for HTTP+SSE, whose only stream this is. */
    resumable = !transient,
  ) {
    this.id = transient ? 'stateless' : record.session_id;
    this.standalone = new EventStream({
      ...(resumable && { id: 'g' }),
      onCut: () => this.#connectionLost(),
    });
  }

  get capabilities(): JsonObject {
    return this.editor.capabilities(this.record.vmcp_id, this.record.capabilities);
  }

  /** Whether the client itself told that it has roots. */
  get hasOwnRoots(): boolean {
    return isJsonObject(this.record.capabilities.roots);
  }

  get clientInfo(): JsonObject {
    return this.record.client_info;
  }

  get logLevel(): string | null {
    return this.record.log_level;
  }

  /** What the statistics know it by. */
  get clientId(): string {
    this.#clientId ??= clientIdOf(this.clientName, this.record.token_id);
    return this.#clientId;
  }

  get clientName(): string {
    const { name } = this.record.client_info;
    return typeof name === 'string' && name !== '' ? name : 'unknown';
  }

  /** Whether it is neither connected nor at work. */
  get isIdle(): boolean {
    return this.inFlight.size === 0 && !this.standalone.isOpen && this.exchanges.size === 0;
  }

  /** What ends the open request of this id. */
  openRequest(id: RequestId): Cancellation | undefined {
    return this.inFlight.find((open) => open.id === id)?.cancellation;
  }

  /** Sends a notification of no request: to the standalone stream, else nowhere. */
  notify(notification: JsonRpcNotification): void {
    if (!this.#passes(notification) || !this.#everListened) return;
    this.standalone.push(JSON.stringify(notification));
  }

  /** Sends a notification that belongs to the request behind `outlet`. */
  notifyRequest(outlet: Outlet, notification: JsonRpcNotification): void {
    if (!this.#passes(notification)) return;
    if (!outlet.send(notification) && !this.transient) this.notify(notification);
  }

  /** The client listens on the standalone stream from now on. */
  listens(): void {
    this.#everListened = true;
    clearTimeout(this.#unreachable);
  }

  async roots(_signal: AbortSignal): Promise<readonly Root[]> {
    // requests without a session share their connections with strangers
    if (this.transient || !isJsonObject(this.capabilities.roots)) return [];
    if (!this.hasOwnRoots) return this.editor.roots(this.record.vmcp_id, this.clientName, this);
    this.#roots ??= this.#askRoots();
    return this.#roots;
  }

  /** The client said that its roots changed: they are asked for again when needed. */
  forgetRoots(): void {
    this.#roots = undefined;
  }

  /** Whether the client itself can be asked this. */
  canAnswer(method: string, params: JsonObject | undefined): boolean {
    return !this.transient && canAsk(this.record.capabilities, method, params);
  }

  /**
   * Puts a question to the client.
   * @returns its answer
   * @throws RpcError what it answered; −32601 where it lacks the capability
   */
  async ask({ method, params, signal, outlet, onProgress }: AskOptions): Promise<JsonObject> {
    if (!this.canAnswer(method, params)) {
      throw new RpcError(
        rpcCodes.methodNotFound,
        `The client “${this.clientName}” does not support ${method}`,
      );
    }
    signal.throwIfAborted();
    const token = isJsonObject(params?._meta) ? params._meta.progressToken : undefined;
    const { id, answer } = this.#questions.open({
      signal,
      send: (cancelled) => this.#deliver(cancelled, outlet),
      onProgress: (progress) => onProgress?.({ ...progress, progressToken: token }),
    });
    const sent = token === undefined ? params : withProgressToken(params, id);
    const request: JsonRpcRequest = { jsonrpc: '2.0', id, method, ...(sent && { params: sent }) };
    if (!this.#deliver(request, outlet)) {
      const reason = `The client “${this.clientName}” has no open stream for ${method}`;
      this.#questions.fail(id, new RpcError(rpcCodes.internalError, reason));
    }
    return answer;
  }

  /** A response of the client to one of the questions; unknown ones are ignored. */
  answered(response: JsonRpcResponse): void {
    this.#questions.settle(response);
  }

  /** How far the client is with a question. */
  progressed(params: JsonObject): void {
    this.#questions.progressed(params);
  }

  /** A new stream for one POST, kept for resumption. */
  newStream(onAbandoned: () => void): EventStream {
    if (this.transient) return new EventStream({ onCut: onAbandoned });
    this.#streamCount += 1;
    const id = `p${Date.now().toString(36)}${this.#streamCount.toString(36)}`;
    const stream = new EventStream({
      id,
      onCut: () => {
        this.#connectionLost();
        this.#forgetLater(id, stream, onAbandoned);
      },
      onEnd: () => this.#forgetLater(id, stream, onAbandoned),
    });
    this.#streams.set(id, stream);
    if (this.#streams.size > maxStreams) this.#dropOldestEnded();
    return stream;
  }

  /** The stream an event id belongs to. */
  stream(id: string): EventStream | undefined {
    return id === 'g' ? this.standalone : this.#streams.get(id);
  }

  /** Ends it: open requests are cancelled, questions fail, streams close. */
  end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#unreachable);
    for (const { cancellation } of this.inFlight) cancellation.abort(new Error(reason));
    this.#questions.failAll(new RpcError(rpcCodes.internalError, `The client is gone: ${reason}`));
    for (const stream of this.#streams.values()) stream.end();
    this.standalone.end();
  }

  /** Called about twice a second. */
  tick(now: number): void {
    if (this.exchanges.size > 0) for (const exchange of this.exchanges) exchange.tick(now);
  }

  keepAlive(): void {
    this.standalone.keepAlive();
    for (const stream of this.#streams.values()) stream.keepAlive();
  }

  #passes({ method, params }: JsonRpcNotification): boolean {
    return method !== 'notifications/message' || passesLevel(params?.level, this.record.log_level);
  }

  /** On the request's own stream, else the standalone one, else that of any open request. */
  #deliver(message: JsonRpcRequest | JsonRpcNotification, outlet: Outlet | undefined): boolean {
    if (outlet?.send(message)) return true;
    if (this.standalone.isOpen) {
      this.standalone.push(JSON.stringify(message));
      return true;
    }
    for (const exchange of this.exchanges) {
      if (exchange.canStream && exchange.send(message)) return true;
    }
    return false;
  }

  async #askRoots(): Promise<readonly Root[]> {
    try {
      const signal = AbortSignal.timeout(rootsLimitMs);
      const { roots } = await this.ask({ method: 'roots/list', signal });
      return Array.isArray(roots) ? roots.filter(isRoot).slice(0, maxRoots) : [];
    } catch {
      this.#roots = undefined; // asked again next time; a client that cannot tell has none for now
      return [];
    }
  }

  #connectionLost(): void {
    clearTimeout(this.#unreachable);
    this.#unreachable = setTimeout(() => {
      if (this.standalone.isOpen || [...this.exchanges].some(({ canStream }) => canStream)) return;
      this.#questions.failAll(
        new RpcError(rpcCodes.internalError, `The client “${this.clientName}” is gone`),
      );
    }, unreachableLimitMs).unref();
  }

  #forgetLater(id: string, stream: EventStream, onAbandoned: () => void): void {
    setTimeout(() => {
      if (stream.isOpen) return;
      this.#streams.delete(id);
      if (!stream.isEnded) onAbandoned();
    }, resumableMs).unref();
  }

  #dropOldestEnded(): void {
    for (const [id, stream] of this.#streams) {
      if (!stream.isEnded) continue;
      this.#streams.delete(id);
      return;
    }
  }
}

/** Tokens of different upstreams may be the same; ids of questions are not. */
function withProgressToken(params: JsonObject | undefined, id: RequestId): JsonObject {
  const meta = isJsonObject(params?._meta) ? params._meta : {};
  return { ...params, _meta: { ...meta, progressToken: id } };
}

function isRoot(value: unknown): value is Root {
  return isJsonObject(value) && typeof value.uri === 'string';
}
