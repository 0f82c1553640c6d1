import { type RawAnswer, RawClient, type RawOptions } from './rawHttp.ts';
import type { RpcMessage, SseReader } from './sse.ts';

const prefix = 'io.modelcontextprotocol/';

export interface ModernOptions extends RawOptions {
  /** Declared by this request. */
  capabilities?: object;
  /** More of `_meta`. */
  meta?: object;
}

/** What a client of 2026-07-28 without any library would send: every request stands for itself. */
export class ModernRaw {
  readonly #client: RawClient;

  constructor(url: string) {
    this.#client = new RawClient(url);
  }

  /** A request with its envelope. */
  message(method: string, params: object = {}, options: ModernOptions = {}): RpcMessage {
    const { capabilities = {}, meta } = options;
    const _meta = {
      [`${prefix}protocolVersion`]: '2026-07-28',
      [`${prefix}clientInfo`]: { name: 'raw', version: '1' },
      [`${prefix}clientCapabilities`]: capabilities,
      ...meta,
    };
    return this.#client.makeRequest(method, { ...params, _meta });
  }

  /** Sends a message with the headers that belong to it; those of `options` win. */
  send(message: RpcMessage, options: ModernOptions = {}): Promise<RawAnswer> {
    return this.#client.post(message, { ...options, headers: headersOf(message, options) });
  }

  /** Sends a request and reads the answer to its end. */
  exchange(method: string, params?: object, options?: ModernOptions): Promise<RawAnswer> {
    return this.send(this.message(method, params, options), options);
  }

  /** Sends a request and returns the response to it. */
  async request(method: string, params?: object, options?: ModernOptions): Promise<RpcMessage> {
    const { messages, status, text } = await this.exchange(method, params, options);
    const response = messages.at(-1);
    if (!response) throw new Error(`${method}: ${status} without a response ${text}`);
    return response;
  }

  /** Sends a request whose answer is read event by event. */
  stream(method: string, params?: object, options: ModernOptions = {}): Promise<SseReader> {
    const message = this.message(method, params, options);
    return this.#client.stream(message, { ...options, headers: headersOf(message, options) });
  }

  close(): void {
    this.#client.close();
  }
}

function headersOf({ method = '', params }: RpcMessage, { headers }: RawOptions) {
  const name = method === 'resources/read' ? params?.uri : params?.name;
  return {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(typeof name === 'string' && { 'mcp-name': name }),
    ...headers,
  };
}
