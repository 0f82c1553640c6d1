import type { IncomingMessage } from 'node:http';
import type { JsonRpcMessage } from '../../contract/jsonRpc.ts';
import { EventStreamParser, type StreamEvent } from './eventStreamParser.ts';
import { mediaType, readExcerpt } from './httpBody.ts';
import { HttpClient } from './httpClient.ts';
import { HttpStatusError, httpFailure } from './httpFailure.ts';
import type { RemoteOptions } from './httpPeer.ts';
import { redact } from './redact.ts';
import { maxMessageBytes, type Transport, type TransportListener } from './transport.ts';
import { tooLarge, UpstreamError } from './upstreamError.ts';

const eventStream = 'text/event-stream';

/**
 * HTTP+SSE of MCP 2024-11-05: everything comes on one GET stream, whose first event names the address for
 * what goes up. Not the SDK's: that parses each message by schemas and drops replies with unknown fields.
 */
export class SseTransport implements Transport {
  readonly isPipe = true;
  readonly #url: URL;
  readonly #client: HttpClient;
  readonly #ending = new AbortController();
  /** Sent when the address is known. */
  #waiting: JsonRpcMessage[] = [];
  #endpoint: URL | undefined;
  #listener: TransportListener | undefined;

  constructor(private readonly options: RemoteOptions) {
    this.#url = new URL(options.url);
    this.#client = new HttpClient(this.#url.origin, options.headers, options.authorization);
  }

  start(listener: TransportListener): void {
    this.#listener = listener;
    void this.#listen();
  }

  send(message: JsonRpcMessage): void {
    if (this.#endpoint === undefined) this.#waiting.push(message);
    else void this.#post(message, this.#endpoint);
  }

  abandon(): void {
    // Its reply would come on the common stream and find nobody.
  }

  opened(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    this.#client.close();
  }

  async #listen(): Promise<void> {
    const { signal } = this.#ending;
    try {
      const headers = { Accept: eventStream };
      const response = await this.#client.request({
        url: this.#url,
        method: 'GET',
        headers,
        signal,
      });
      if (response.statusCode !== 200 || mediaType(response) !== eventStream) {
        throw await this.#refusal(response);
      }
      await this.#read(response);
      throw new UpstreamError(
        'unreachable',
        this.options.serverName,
        this.#text('closed its event stream.'),
      );
    } catch (error) {
      if (!signal.aborted) this.#closed(httpFailure(error, this.options.serverName, this.#url));
    }
  }

  async #read(response: IncomingMessage): Promise<void> {
    const parser = new EventStreamParser(maxMessageBytes, {
      event: (event) => this.#event(event),
      oversize: (bytes, id) => {
        const { serverName } = this.options;
        this.options.log.warning('message too large', { server: serverName, bytes });
        if (typeof id === 'number') this.#listener?.requestFailed(id, tooLarge(serverName, bytes));
      },
    });
    for await (const chunk of response) parser.push(chunk);
  }

  #event({ type, data }: StreamEvent): void {
    if (this.#ending.signal.aborted) return;
    if (type === 'endpoint') this.#setEndpoint(data);
    if (type !== 'message') return;
    try {
      this.#listener?.message(JSON.parse(data), 'pipe');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.options.log.debug('event that is no message', { server: this.options.serverName });
    }
  }

  #setEndpoint(address: string): void {
    const endpoint = URL.canParse(address, this.#url) ? new URL(address, this.#url) : undefined;
    if (endpoint?.origin !== this.#url.origin) {
      // Messages, and with them credentials, must not be led elsewhere.
      const text = this.#text('names an address of another origin for messages.');
      this.#closed(new UpstreamError('protocol', this.options.serverName, text));
      return;
    }
    this.#endpoint = endpoint;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.send(message);
  }

  async #post(message: JsonRpcMessage, url: URL): Promise<void> {
    try {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify(message);
      const { signal } = this.#ending;
      const response = await this.#client.request({ url, method: 'POST', headers, body, signal });
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode <= 299) response.resume();
      else throw await this.#refusal(response);
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      const failure = httpFailure(error, this.options.serverName, this.#url);
      if ('method' in message && 'id' in message) {
        this.#listener?.requestFailed(Number(message.id), failure);
      } else {
        this.options.log.warning('a message was not taken', { error: failure.message });
      }
    }
  }

  async #refusal(response: IncomingMessage): Promise<HttpStatusError> {
    const body = this.#shown(await readExcerpt(response));
    return new HttpStatusError(response.statusCode ?? 0, body);
  }

  #closed(error: UpstreamError): void {
    this.#ending.abort();
    this.#listener?.closed(error);
  }

  #shown(text: string): string {
    const { secretValues, authorization } = this.options;
    return redact(text, [...secretValues, ...(authorization?.secrets ?? [])]);
  }

  #text(what: string): string {
    return `Server "${this.options.serverName}" ${what}`;
  }
}
