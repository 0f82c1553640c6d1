import type { ServerResponse } from 'node:http';
import type { JsonRpcNotification, JsonRpcRequest } from '../../contract/jsonRpc.ts';
import { Cancellation } from '../cancellation.ts';
import { ClientLeft, type ClientSession } from './clientSession.ts';
import type { EventStream } from './eventStream.ts';
import type { OpenExchange } from './outlet.ts';

/** After this time without a result a stream is opened, so that the connection shows life. */
const streamAfterMs = 3000;

export interface ExchangeOptions {
  accepts: { json: boolean; stream: boolean };
  /** How many responses belong to this POST. */
  expected: number;
  /** An array is answered with an array (2025-03-26). */
  batch: boolean;
}

/**
 * One POST and its answers: plain JSON when the results are the first thing that comes, a stream
 * when a notification, a question or three seconds come first.
 */
export class Exchange implements OpenExchange {
  /** What ends each of its requests. */
  readonly cancellations: Cancellation[] = [];
  readonly #slot: number;
  readonly #texts: string[] = [];
  readonly #began = performance.now();
  #open: number;
  #stream: EventStream | undefined;
  #done = false;

  constructor(
    private readonly session: ClientSession,
    private readonly response: ServerResponse,
    private readonly options: ExchangeOptions,
  ) {
    this.#open = options.expected;
    for (let n = 0; n < options.expected; n += 1) this.cancellations.push(new Cancellation());
    this.#slot = session.exchanges.add(this);
    // The connection went before anything was sent: nobody can get the answers any more.
    response.on('close', () => {
      if (!this.#done && !this.#stream) this.#abandon();
    });
    if (!options.accepts.json) this.#startStream();
  }

  get canStream(): boolean {
    return !this.#done && (this.#stream?.isOpen ?? this.options.accepts.stream);
  }

  tick(now: number): void {
    if (this.#done || this.#stream || !this.options.accepts.stream) return;
    if (now - this.#began >= streamAfterMs) this.#startStream();
  }

  send(message: JsonRpcRequest | JsonRpcNotification): boolean {
    if (this.#done || !this.options.accepts.stream) return false;
    this.#startStream().push(JSON.stringify(message));
    return true;
  }

  answer(text: string | undefined): void {
    this.#open -= 1;
    if (text !== undefined) {
      if (this.#stream) this.#stream.push(text);
      else this.#texts.push(text);
    }
    if (this.#open === 0) this.#finish();
  }

  #startStream(): EventStream {
    if (this.#stream) return this.#stream;
    const { session, response } = this;
    const stream = session.newStream(() => this.#abandon());
    const withData = session.record.protocol_version >= '2025-11-25';
    stream.attach(response, 0, withData ? 'withData' : 'withoutData');
    this.#stream = stream;
    for (const text of this.#texts.splice(0)) stream.push(text);
    return stream;
  }

  #finish(): void {
    this.#done = true;
    const { response } = this;
    const { batch, accepts } = this.options;
    this.session.exchanges.delete(this.#slot);
    if (this.#stream) this.#stream.end();
    else if (response.destroyed) {
      // the client left: nobody reads an answer
    } else if (this.#texts.length > 0) {
      sendJson(response, 200, batch ? `[${this.#texts.join(',')}]` : (this.#texts[0] ?? ''));
    } else if (accepts.stream) this.#startStream().end();
    else response.writeHead(202).end();
  }

  #abandon(): void {
    for (const cancellation of this.cancellations) {
      cancellation.abort(new ClientLeft('the client left'));
    }
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
