import type { ServerResponse } from 'node:http';

/** Kept of one stream for clients that come back with `Last-Event-ID`. */
const keptBytes = 1024 * 1024;
/** A reader this far behind is cut off; it can come back for the rest. */
const maxUnsentBytes = 16 * 1024 * 1024;

interface SentEvent {
  seq: number;
  text: string;
}

export interface EventStreamOptions {
  /** First part of its event ids; undefined: no ids, nothing kept, no resumption. */
  id?: string;
  /** Milliseconds a client should wait before it reconnects. */
  retryMs?: number;
  /** Called when the client's connection has gone before the end. */
  onCut?: () => void;
  /** Called once, when no message follows. */
  onEnd?: () => void;
}

/**
 * A stream of messages to one client (MCP basic/transports, “Resumability and redelivery”).
 * It outlives the connections it is written to.
 */
export class EventStream {
  readonly #kept: SentEvent[] = [];
  #keptBytes = 0;
  #seq = 0;
  #response: ServerResponse | undefined;
  #ended = false;

  constructor(private readonly options: EventStreamOptions) {}

  /** Whether someone reads it right now. */
  get isOpen(): boolean {
    return this.#response !== undefined;
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /**
   * Writes to `response` from now on, beginning with what came after event `after`.
   * @param priming an empty event first, so that the client has an id to come back with; clients
   *   before 2025-11-25 get it without data, which their parsers do not take for a message
   */
  attach(response: ServerResponse, after: number, priming?: 'withData' | 'withoutData'): void {
    this.#response?.end();
    this.#response = response;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    response.on('close', () => this.#detach(response));
    if (priming && this.options.id !== undefined) {
      const data = priming === 'withData' ? 'data: \n' : '';
      response.write(`id: ${this.options.id}_0\nretry: ${this.options.retryMs ?? 1000}\n${data}\n`);
    } else response.flushHeaders();
    for (const event of this.#kept) if (event.seq > after) this.#write(event);
    if (this.#ended) this.#finish();
  }

  /** Sends (and keeps) one message, given as JSON text. */
  push(text: string): void {
    if (this.#ended) return;
    this.#seq += 1;
    const event = { seq: this.#seq, text };
    if (this.options.id !== undefined) this.#keep(event);
    this.#write(event);
  }

  /** A comment line that keeps the connection alive. */
  keepAlive(): void {
    this.#response?.write(':\n\n');
  }

  /** No message follows. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish();
    this.options.onEnd?.();
  }

  #finish(): void {
    const response = this.#response;
    this.#response = undefined;
    response?.end();
  }

  #keep(event: SentEvent): void {
    this.#kept.push(event);
    this.#keptBytes += event.text.length;
    while (this.#keptBytes > keptBytes && this.#kept.length > 1) {
      this.#keptBytes -= this.#kept.shift()?.text.length ?? 0;
    }
  }

  #write({ seq, text }: SentEvent): void {
    const response = this.#response;
    if (!response) return;
    if (response.writableLength > maxUnsentBytes) {
      response.destroy();
      return;
    }
    const id = this.options.id === undefined ? '' : `id: ${this.options.id}_${seq}\n`;
    response.write(`event: message\n${id}data: ${text}\n\n`);
  }

  #detach(response: ServerResponse): void {
    if (this.#response !== response) return;
    this.#response = undefined;
    this.options.onCut?.();
  }
}

/** The parts of an event id of ours: which stream, and after which event. */
export function parseEventId(eventId: string): { stream: string; seq: number } | undefined {
  const match = /^([a-z0-9]{1,32})_(\d{1,15})$/.exec(eventId);
  return match?.[1] === undefined ? undefined : { stream: match[1], seq: Number(match[2]) };
}
