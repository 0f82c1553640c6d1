import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject, type JsonObject } from '../contract/json.ts';
import { type RequestId, rpcCodes } from '../contract/jsonRpc.ts';
import { type ClientMessage, parseJson } from './clientMessage.ts';
import { readBody, readEventStream, type StreamPosition } from './eventStream.ts';
import { type Exchange, type McpHttp, NotSentError } from './mcpHttp.ts';

export interface SessionOptions {
  /** The address at the server that runs now; waits while none does. @throws LinkError after a while */
  connect: (signal: AbortSignal) => Promise<McpHttp>;
  /** Takes one message for the client. */
  write: (line: string) => void;
  /** Takes a line for the person who looks why something does not work. */
  report: (text: string) => void;
}

/** Between two tries to reach a server that is being started again. */
const retryPauseMs = 100;
const maxStreamPauseMs = 10_000;
/** A restart takes a second or two; a server that stays away this long is reported. */
const reconnectTimeoutMs = 30_000;

/** The client's session at the server, which survives restarts of the server. */
export class McpSession {
  #sessionId: string | undefined;
  #protocolVersion: string | undefined;
  #initialize: ClientMessage | undefined;
  #renewing: Promise<void> | undefined;
  #listening = false;
  /** Requests without an answer, each with the set of its message. */
  readonly #pending = new Map<RequestId, Set<RequestId>>();
  readonly #closing = new AbortController();

  constructor(private readonly options: SessionOptions) {}

  /** How many requests of the client wait for an answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Sends one message of the client and passes on what comes back; failures become JSON-RPC errors.
   * @param onSent called once when the next message may follow
   */
  async relay(message: ClientMessage, onSent: () => void): Promise<void> {
    for (const id of message.cancels) this.#settle(id);
    const owed = new Set(message.ids);
    for (const id of owed) this.#pending.set(id, owed);
    if (message.kind === 'initialize') this.#forget(message);
    try {
      await this.#exchange(message, owed, onSent);
      if (message.kind === 'initialize') this.#listen();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#fail(owed, error);
    } finally {
      onSent();
    }
  }

  /** Ends the session at the server. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#sessionId === undefined) return;
    const signal = AbortSignal.timeout(2000);
    try {
      const http = await this.options.connect(signal);
      (await http.send(this.#request('DELETE'), () => undefined, signal)).resume();
    } catch {
      // The server is gone, or busy: it collects idle sessions itself.
    }
  }

  async #exchange(message: ClientMessage, owed: Set<RequestId>, onSent: () => void): Promise<void> {
    const { signal } = this.#closing;
    await this.#renewing;
    const sessionId = message.kind === 'initialize' ? undefined : this.#sessionId;
    let reply = await this.#send('POST', { body: message.line }, onSent);
    if (reply.statusCode === 404 && sessionId !== undefined) {
      // The session was collected, for example while the machine slept: nothing was done yet.
      reply.resume();
      if (this.#sessionId === sessionId) await this.#renewOnce();
      reply = await this.#send('POST', { body: message.line }, onSent);
    }
    const position = await this.#receive(reply, message);
    while (owed.size > 0 && position.lastEventId !== undefined && !signal.aborted) {
      await delay(position.retryMs ?? retryPauseMs, undefined, { signal });
      const { lastEventId } = position;
      await this.#receive(await this.#send('GET', { lastEventId }), message, position);
    }
    if (owed.size > 0 && !signal.aborted) throw new Error(lostMessage);
  }

  /** Sends where nothing was sent yet, again and again while the server is being restarted. */
  async #send(
    method: Exchange['method'],
    options: Partial<Exchange>,
    onSent: () => void = () => undefined,
  ): Promise<IncomingMessage> {
    const { signal } = this.#closing;
    const deadline = Date.now() + reconnectTimeoutMs;
    for (;;) {
      const http = await this.options.connect(signal);
      try {
        return await http.send({ ...this.#request(method), ...options }, onSent, signal);
      } catch (error) {
        if (!(error instanceof NotSentError) || Date.now() > deadline) throw error;
        await delay(retryPauseMs, undefined, { signal });
      }
    }
  }

  #request(method: Exchange['method']): Exchange {
    return { method, sessionId: this.#sessionId, protocolVersion: this.#protocolVersion };
  }

  async #receive(
    reply: IncomingMessage,
    message: ClientMessage,
    position: StreamPosition = { lastEventId: undefined, retryMs: undefined },
    take = (data: string) => this.#deliver(data, message),
  ): Promise<StreamPosition> {
    const status = reply.statusCode ?? 0;
    if (status >= 400) throw refusal(status, await readBody(reply));
    const id = reply.headers['mcp-session-id'];
    if (message.kind === 'initialize' && typeof id === 'string') this.#sessionId = id;
    if (reply.headers['content-type']?.startsWith('text/event-stream')) {
      await readEventStream(reply, position, take);
    } else {
      const body = await readBody(reply);
      if (body.trim() !== '') take(body);
    }
    return position;
  }

  /** Passes a message of the server on, on one line, otherwise as it came. */
  #deliver(data: string, origin: ClientMessage | undefined): void {
    const value = parseJson(data);
    if (value === undefined) {
      this.options.report('The server sent something that is no JSON; it is left out.');
      return;
    }
    for (const message of Array.isArray(value) ? value : [value]) {
      if (!isJsonObject(message) || message.method !== undefined) continue;
      const { id } = message;
      if (typeof id === 'string' || typeof id === 'number') this.#settle(id);
      if (origin?.kind === 'initialize') this.#learnVersion(message);
    }
    this.options.write(/[\r\n]/.test(data) ? JSON.stringify(value) : data);
  }

  #learnVersion(answer: JsonObject): void {
    const version = isJsonObject(answer.result) ? answer.result.protocolVersion : undefined;
    if (typeof version === 'string') this.#protocolVersion = version;
  }

  #settle(id: RequestId): void {
    this.#pending.get(id)?.delete(id);
    this.#pending.delete(id);
  }

  #fail(owed: Set<RequestId>, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.options.report(message);
    for (const id of [...owed]) {
      this.#settle(id);
      const failure = { code: rpcCodes.internalError, message };
      this.options.write(JSON.stringify({ jsonrpc: '2.0', id, error: failure }));
    }
  }

  #forget(initialize: ClientMessage): void {
    this.#initialize = initialize;
    this.#sessionId = undefined;
    this.#protocolVersion = undefined;
  }

  /** Calls that find the session gone at the same time begin one new session together. */
  #renewOnce(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Begins a new session in place of one that the server no longer knows; the client sees nothing. */
  async #renew(): Promise<void> {
    const initialize = this.#initialize;
    if (!initialize) throw new Error(lostMessage);
    this.#forget(initialize);
    const reply = await this.#send('POST', { body: initialize.line });
    await this.#receive(reply, initialize, undefined, (data) => {
      const value = parseJson(data);
      if (isJsonObject(value)) this.#learnVersion(value);
    });
    const initialized = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
    (await this.#send('POST', { body: initialized })).resume();
  }

  /** Keeps the stream open on which the server sends what belongs to no request. */
  #listen(): void {
    if (this.#listening || this.#sessionId === undefined) return;
    this.#listening = true;
    void this.#listenLoop().catch((error: unknown) => {
      this.#listening = false;
      if (!this.#closing.signal.aborted)
        this.options.report(`No messages from the server: ${error}`);
    });
  }

  async #listenLoop(): Promise<void> {
    const { signal } = this.#closing;
    const position: StreamPosition = { lastEventId: undefined, retryMs: undefined };
    let pause = retryPauseMs;
    while (!signal.aborted) {
      const opened = Date.now();
      try {
        const reply = await this.#send('GET', { lastEventId: position.lastEventId });
        const status = reply.statusCode ?? 0;
        if (status >= 400) {
          reply.resume();
          // 405: the server offers no such stream. 404: the next message renews the session.
          if (status === 405) return;
          position.lastEventId = undefined;
        } else {
          await readEventStream(reply, position, (data) => this.#deliver(data, undefined));
        }
      } catch {
        // Not reached at present: the next try waits for the server again.
      }
      pause = Date.now() - opened > 5000 ? retryPauseMs : Math.min(pause * 2, maxStreamPauseMs);
      await delay(position.retryMs ?? pause, undefined, { signal });
    }
  }
}

const lostMessage =
  'The connection to the vMCP server broke before the answer came; what was asked may have been done.';

function refusal(status: number, body: string): Error {
  const value = parseJson(body);
  if (isJsonObject(value)) {
    const { error, detail } = value;
    if (isJsonObject(error) && typeof error.message === 'string') return new Error(error.message);
    if (typeof error === 'string') {
      return new Error(typeof detail === 'string' ? `${error}: ${detail}` : error);
    }
  }
  return new Error(`The vMCP server answered with HTTP status ${status}.`);
}
