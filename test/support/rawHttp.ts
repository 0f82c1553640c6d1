import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type RpcMessage, SseReader } from './sse.ts';

export interface RawOptions {
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** An HTTP answer whose body was read to its end. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The JSON-RPC messages of the body, whether it came as JSON or as an event stream. */
  messages: RpcMessage[];
}

/** What a client without any library would send: JSON-RPC over HTTP on kept-alive connections. */
export class RawClient {
  readonly #agent = new Agent({ keepAlive: true });
  #lastId = 0;
  /** Set by `initialize`; sent with everything afterwards. */
  sessionId: string | undefined;
  protocolVersion: string | undefined;

  constructor(readonly url: string) {}

  /** Sends anything; resolves with the open response as soon as its head is there. */
  open(method: string, body?: string | Buffer, options: RawOptions = {}): Promise<IncomingMessage> {
    const headers = {
      accept: 'application/json, text/event-stream',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(this.sessionId && { 'mcp-session-id': this.sessionId }),
      ...(this.protocolVersion && { 'mcp-protocol-version': this.protocolVersion }),
      ...options.headers,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        this.url,
        { method, headers, agent: this.#agent, ...(options.signal && { signal: options.signal }) },
        resolve,
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Sends anything and reads the answer to its end. */
  async exchange(method: string, body?: string | Buffer, options?: RawOptions): Promise<RawAnswer> {
    const response = await this.open(method, body, options);
    const status = response.statusCode ?? 0;
    const { headers } = response;
    if (isEventStream(response)) {
      const messages: RpcMessage[] = [];
      const reader = new SseReader(response);
      for (let event = await reader.next(60_000); event; event = await reader.next(60_000)) {
        if (event.data !== '') messages.push(JSON.parse(event.data));
      }
      return { status, headers, text: '', messages };
    }
    const body_ = await text(response);
    const isJson = /json/.test(headers['content-type'] ?? '');
    return { status, headers, text: body_, messages: isJson ? [JSON.parse(body_)].flat() : [] };
  }

  /** Posts one message, or a batch. */
  post(message: object, options?: RawOptions): Promise<RawAnswer> {
    return this.exchange('POST', JSON.stringify(message), options);
  }

  /** Posts one message whose answer is read event by event. @throws Error where it is no stream */
  async stream(message: object, options?: RawOptions): Promise<SseReader> {
    return reader(await this.open('POST', JSON.stringify(message), options));
  }

  /** The stream for messages of no request; with `lastEventId`, the rest of a broken one. */
  async listen(lastEventId?: string, options: RawOptions = {}): Promise<SseReader> {
    const headers = { ...(lastEventId && { 'last-event-id': lastEventId }), ...options.headers };
    return reader(
      await this.open('GET', undefined, {
        ...options,
        headers: { accept: 'text/event-stream', ...headers },
      }),
    );
  }

  /** A request with a fresh id. */
  makeRequest(method: string, params?: object): RpcMessage & { id: number } {
    this.#lastId += 1;
    return { jsonrpc: '2.0', id: this.#lastId, method, ...(params && { params }) };
  }

  /**
   * Sends a request and returns the response to it.
   * @throws Error where the answer holds none
   */
  async request(method: string, params?: object, options?: RawOptions): Promise<RpcMessage> {
    const message = this.makeRequest(method, params);
    const answer = await this.post(message, options);
    const response = answer.messages.find(({ id, method }) => id === message.id && !method);
    if (!response) throw new Error(`${method}: ${answer.status} without a response ${answer.text}`);
    return response;
  }

  async notify(method: string, params?: object): Promise<RawAnswer> {
    return this.post({ jsonrpc: '2.0', method, ...(params && { params }) });
  }

  /** Opens a session. @returns the result of `initialize` */
  async initialize({
    capabilities = {},
    protocolVersion = '2025-11-25',
    clientInfo = { name: 'raw', version: '1' },
  }: {
    capabilities?: object;
    protocolVersion?: string;
    clientInfo?: { name: string; version: string };
    // biome-ignore lint/suspicious/noExplicitAny: tests assert on the result
  } = {}): Promise<any> {
    const message = this.makeRequest('initialize', { protocolVersion, capabilities, clientInfo });
    const answer = await this.post(message);
    const result = answer.messages[0]?.result;
    if (!result) throw new Error(`initialize: ${answer.status} ${answer.text}`);
    const sessionId = answer.headers['mcp-session-id'];
    if (typeof sessionId === 'string') this.sessionId = sessionId;
    this.protocolVersion = result.protocolVersion;
    await this.notify('notifications/initialized');
    return result;
  }

  /** Closes every connection, busy ones too. */
  close(): void {
    this.#agent.destroy();
  }
}

function isEventStream(response: IncomingMessage): boolean {
  return (response.headers['content-type'] ?? '').startsWith('text/event-stream');
}

async function reader(response: IncomingMessage): Promise<SseReader> {
  if (isEventStream(response)) return new SseReader(response);
  throw new Error(
    `expected an event stream, got ${response.statusCode} ${response.headers['content-type']} ${await text(response)}`,
  );
}
