import type { ServerResponse } from 'node:http';
import type { JsonRpcNotification, JsonRpcRequest } from '../../contract/jsonRpc.ts';
import type { EventStream } from './eventStream.ts';

/** After this time without a result a stream is opened, so that the connection shows life. */
const streamAfterMs = 3000;

/** Where messages that belong to a client's open request can be put. */
export interface Outlet {
  /** @returns false where it has no stream, or none any more */
  send(message: JsonRpcRequest | JsonRpcNotification): boolean;
}

export interface ExchangeOptions {
  response: ServerResponse;
  accepts: { json: boolean; stream: boolean };
  /** How many responses belong to this POST. */
  expected: number;
  /** An array is answered with an array (2025-03-26). */
  batch: boolean;
  /** Makes the stream when one is needed, already attached to the response. */
  openStream: () => EventStream;
  /** The connection went before anything was sent: nobody can get the answers any more. */
  onAbandoned: () => void;
}

/**
 * One POST and its answers: plain JSON when the results are the first thing that comes, a stream
 * when a notification, a question or three seconds come first.
 */
export class Exchange implements Outlet {
  readonly #texts: string[] = [];
  #open: number;
  #stream: EventStream | undefined;
  #done = false;
  readonly #began = performance.now();

  constructor(private readonly options: ExchangeOptions) {
    this.#open = options.expected;
    options.response.on('close', () => this.#closed());
    if (!options.accepts.json) this.#startStream();
  }

  /** Whether questions can be put here. */
  get canStream(): boolean {
    return !this.#done && (this.#stream?.isOpen ?? this.options.accepts.stream);
  }

  /** Called about twice a second: one timer for all exchanges costs less than one for each. */
  tick(now: number): void {
    if (this.#done || this.#stream || !this.options.accepts.stream) return;
    if (now - this.#began >= streamAfterMs) this.#startStream();
  }

  send(message: JsonRpcRequest | JsonRpcNotification): boolean {
    if (this.#done || !this.options.accepts.stream) return false;
    const stream = this.#stream ?? this.#startStream();
    stream.push(JSON.stringify(message));
    return true;
  }

  /** Takes one of the expected responses; undefined for a request that gets none (cancelled). */
  answer(text: string | undefined): void {
    this.#open -= 1;
    if (text !== undefined) {
      if (this.#stream) this.#stream.push(text);
      else this.#texts.push(text);
    }
    if (this.#open === 0) this.#finish();
  }

  #startStream(): EventStream {
    const stream = this.options.openStream();
    this.#stream = stream;
    for (const text of this.#texts.splice(0)) stream.push(text);
    return stream;
  }

  #finish(): void {
    this.#done = true;
    const { response, batch, accepts } = this.options;
    if (this.#stream) this.#stream.end();
    else if (response.destroyed)
      return; // the client left: nobody reads an answer
    else if (this.#texts.length > 0) {
      sendJson(response, 200, batch ? `[${this.#texts.join(',')}]` : (this.#texts[0] ?? ''));
    } else if (accepts.stream) this.options.openStream().end();
    else response.writeHead(202).end();
  }

  #closed(): void {
    if (!this.#done && !this.#stream) this.options.onAbandoned();
  }
}

/** Answers with JSON text. */
export function sendJson(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
