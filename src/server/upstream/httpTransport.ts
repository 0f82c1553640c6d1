import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject } from '../../contract/json.ts';
import type { JsonRpcMessage, JsonRpcRequest } from '../../contract/jsonRpc.ts';
import { modernCodes, modernVersion } from '../protocol/modernProtocol.ts';
import { traceHeaders } from '../telemetry/traceContext.ts';
import { EventStreamParser } from './eventStreamParser.ts';
import { BodyTooLargeError, mediaType, readExcerpt, readText } from './httpBody.ts';
import { HttpStatusError } from './httpFailure.ts';
import { answers, parsed, readEvents } from './httpMessages.ts';
import { HttpPeer, type RemoteOptions } from './httpPeer.ts';
import {
  type MessageOrigin,
  maxMessageBytes,
  SessionLostError,
  type Transport,
  type TransportListener,
} from './transport.ts';
import { UpstreamError } from './upstreamError.ts';

const eventStream = 'text/event-stream';
const defaultRetryMs = 1000;
const maxRetryMs = 30_000;
/** Attempts in a row to resume a stream without success. */
const maxResumeFailures = 5;
const deleteLimitMs = 2000;
const streamEndMs = 1000;

/**
 * Streamable HTTP (MCP 2025-11-25, basic/transports): one POST for each message, its answer as JSON or as
 * a stream of its own; a GET stream for what belongs to no request; streams that break are resumed.
 */
export class HttpTransport implements Transport {
  readonly isPipe = false;
  readonly #peer: HttpPeer;
  readonly #exchanges = new Map<number, AbortController>();
  /** Messages being delivered to which no answer comes. */
  readonly #posts = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  #listener: TransportListener | undefined;
  #sessionId: string | undefined;
  #protocolVersion: string | undefined;
  #closed: Promise<void> | undefined;

  constructor(private readonly options: RemoteOptions) {
    this.#peer = new HttpPeer(options);
  }

  start(listener: TransportListener): void {
    this.#listener = listener;
  }

  send(message: JsonRpcMessage): void {
    if ('method' in message && 'id' in message) {
      void this.#exchange(message);
      return;
    }
    const post = this.#post(message).finally(() => this.#posts.delete(post));
    this.#posts.add(post);
  }

  abandon(id: number): void {
    this.#exchanges.get(id)?.abort();
  }

  /** Requests may follow when the server has taken `notifications/initialized`. */
  async opened(protocolVersion: string): Promise<void> {
    this.#protocolVersion = protocolVersion;
    await Promise.all(this.#posts);
    void this.#listen();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    for (const exchange of this.#exchanges.values()) exchange.abort();
    if (this.#sessionId !== undefined) {
      try {
        const signal = AbortSignal.timeout(deleteLimitMs);
        (await this.#request('DELETE', { signal })).resume();
      } catch (error) {
        this.options.log.debug('ending a session', { error: String(error) });
      }
    }
    this.#peer.close();
  }

  async #exchange(message: JsonRpcRequest): Promise<void> {
    const id = Number(message.id);
    const abort = new AbortController();
    this.#exchanges.set(id, abort);
    const { signal } = abort;
    try {
      const body = JSON.stringify(message);
      const traced = traceHeaders(message.params);
      const response = await this.#request('POST', { body, signal, traced });
      if (message.method === 'initialize') this.#noteSession(response);
      await this.#readAnswer(id, response, signal);
    } catch (error) {
      if (!signal.aborted) this.#exchangeFailed(id, error);
    } finally {
      this.#exchanges.delete(id);
    }
  }

  async #post(message: JsonRpcMessage): Promise<void> {
    try {
      const body = JSON.stringify(message);
      const response = await this.#request('POST', { body, signal: this.#ending.signal });
      const { statusCode = 0 } = response;
      response.resume();
      if (statusCode === 404 && this.#sessionId !== undefined) this.#listener?.sessionLost();
      else if (statusCode >= 400) throw new HttpStatusError(statusCode, '');
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      const fields = { server: this.options.serverName, error: String(error) };
      this.options.log.warning('a message was not taken', fields);
    }
  }

  #noteSession(response: IncomingMessage): void {
    const id = response.headers['mcp-session-id'];
    if (typeof id === 'string' && /^[\x21-\x7e]+$/.test(id)) this.#sessionId = id;
  }

  async #readAnswer(id: number, response: IncomingMessage, signal: AbortSignal): Promise<void> {
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) return this.#readRefusal(id, response);
    if (mediaType(response) === eventStream) return this.#followStream(id, response, signal);
    const text = await readText(response, maxMessageBytes);
    if (!this.#deliver(parsed(text), id)) {
      throw this.#peer.error(
        'protocol',
        `answered HTTP ${statusCode} without an answer to the request`,
      );
    }
  }

  /** An error status may still carry the answer; without it, one with our session means that it is lost. */
  async #readRefusal(id: number, response: IncomingMessage): Promise<void> {
    const status = response.statusCode ?? 0;
    const text = await readExcerpt(response);
    const hadSession = this.#sessionId !== undefined;
    const value = parsed(text);
    const isAnswer = answers(value, id);
    if (this.#protocolVersion !== undefined && wantsNoSessions(value)) {
      this.#listener?.sessionLost();
      throw new SessionLostError(`HTTP ${status}: it has no sessions any more`);
    }
    if (hadSession && (status === 404 || (status === 400 && !isAnswer))) {
      this.#listener?.sessionLost();
      throw new SessionLostError(`HTTP ${status}`);
    }
    if (!isAnswer) throw new HttpStatusError(status, this.#peer.shown(text));
    this.#deliver(value, id);
  }

  /** Reads a request's own stream until its answer has come, resuming it where it breaks off. */
  async #followStream(id: number, first: IncomingMessage, signal: AbortSignal): Promise<void> {
    let isAnswered = false;
    const parser = this.#parser(id, () => {
      isAnswered = true;
      // The server is to end the stream now; one that does not must not keep the socket.
      setTimeout(() => this.abandon(id), streamEndMs).unref();
    });
    let response: IncomingMessage | undefined = first;
    for (let failures = 0; ; ) {
      const broke = response && (await readEvents(response, parser));
      if (isAnswered) return;
      if (parser.pendingBytes > maxMessageBytes) throw new BodyTooLargeError(parser.pendingBytes);
      signal.throwIfAborted();
      if (parser.lastEventId === undefined || failures >= maxResumeFailures) {
        throw broke ?? this.#peer.error('unreachable', 'closed the stream before it answered');
      }
      const retry = parser.retryMs ?? defaultRetryMs;
      await delay(Math.min(maxRetryMs, retry * 2 ** failures), undefined, { signal, ref: false });
      response = await this.#resume(parser.lastEventId, signal);
      failures = response === undefined ? failures + 1 : 0;
    }
  }

  /** @returns undefined where the network failed */
  async #resume(lastEventId: string, signal: AbortSignal): Promise<IncomingMessage | undefined> {
    try {
      const response = await this.#request('GET', { signal, lastEventId });
      if (response.statusCode === 200 && mediaType(response) === eventStream) return response;
      response.resume();
      throw this.#peer.error('unreachable', 'lost the stream before it answered');
    } catch (error) {
      if (error instanceof UpstreamError || signal.aborted) throw error;
      return undefined;
    }
  }

  /** Keeps a stream open for what belongs to no request, where the server has one. */
  async #listen(): Promise<void> {
    const { signal } = this.#ending;
    const parser = this.#parser('standalone', () => {});
    for (let failures = 0; !signal.aborted; failures++) {
      const openedAt = performance.now();
      try {
        const lastEventId = parser.lastEventId;
        const response = await this.#request('GET', { signal, lastEventId });
        if (!this.#isStream(response)) return;
        await readEvents(response, parser);
        if (performance.now() - openedAt > maxRetryMs) failures = 0;
      } catch (error) {
        this.options.log.debug('stream of a server', { error: String(error) });
      }
      const wait = Math.min(maxRetryMs, (parser.retryMs ?? defaultRetryMs) * 2 ** failures);
      await delay(wait, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** @returns false where there is no such stream; @throws where it may come back */
  #isStream(response: IncomingMessage): boolean {
    const { statusCode = 0 } = response;
    if (statusCode === 200 && mediaType(response) === eventStream) return true;
    response.resume();
    if (statusCode >= 500) throw new HttpStatusError(statusCode, '');
    if (statusCode === 404 && this.#sessionId !== undefined) this.#listener?.sessionLost();
    return false;
  }

  #parser(origin: number | 'standalone', onAnswer: () => void): EventStreamParser {
    return new EventStreamParser(maxMessageBytes, {
      event: ({ type, data }) => {
        if (type === 'message' && this.#deliver(parsed(data), origin)) onAnswer();
      },
      oversize: (bytes) => {
        this.options.log.warning('message too large', { server: this.options.serverName, bytes });
        if (origin === 'standalone') return;
        this.#exchangeFailed(origin, new BodyTooLargeError(bytes));
        this.abandon(origin);
      },
    });
  }

  /** @returns whether the answer to the request `origin` was in it */
  #deliver(value: unknown, origin: MessageOrigin): boolean {
    if (value === undefined || this.#ending.signal.aborted) return false;
    this.#listener?.message(value, origin);
    return answers(value, origin);
  }

  #exchangeFailed(id: number, error: unknown): void {
    if (error instanceof SessionLostError) {
      this.#listener?.requestFailed(id, error);
      return;
    }
    const { failure, endsConnection } = this.#peer.failureOf(error);
    if (endsConnection) this.#listener?.closed(failure);
    else this.#listener?.requestFailed(id, failure);
  }

  #request(
    method: 'GET' | 'POST' | 'DELETE',
    options: {
      signal: AbortSignal;
      body?: string;
      lastEventId?: string | undefined;
      traced?: Readonly<Record<string, string>> | undefined;
    },
  ): Promise<IncomingMessage> {
    const { signal, body, lastEventId, traced } = options;
    const headers: Record<string, string> = {
      ...traced,
      Accept: method === 'GET' ? eventStream : `application/json, ${eventStream}`,
    };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (this.#protocolVersion) headers['MCP-Protocol-Version'] = this.#protocolVersion;
    if (lastEventId !== undefined) headers['Last-Event-ID'] = lastEventId;
    return this.#peer.request({
      method,
      headers,
      sessionId: this.#sessionId,
      signal,
      ...(body !== undefined && { body }),
    });
  }
}

/** Whether a server refused a request, unread, since it is of the era without sessions by now. */
function wantsNoSessions(value: unknown): boolean {
  if (!isJsonObject(value) || !isJsonObject(value.error)) return false;
  const { code, data } = value.error;
  const supported = isJsonObject(data) ? data.supported : undefined;
  return (
    code === modernCodes.unsupportedVersion &&
    Array.isArray(supported) &&
    supported.includes(modernVersion)
  );
}
