import type { RequestId } from '../../contract/jsonRpc.ts';
import { LineScanner } from './lineScanner.ts';

export interface StreamEvent {
  /** `message` where the stream names none. */
  type: string;
  data: string;
}

export interface StreamEventListener {
  event(event: StreamEvent): void;
  /** An event beyond the limit was dropped; `id` is that of the reply in it, where it was found. */
  oversize(bytes: number, id: RequestId | undefined): void;
}

/**
 * Reads `text/event-stream` as its bytes come (HTML standard, server-sent events), and remembers what a
 * reconnection needs: the last event's id and the delay the server asks for.
 */
export class EventStreamParser {
  lastEventId: string | undefined;
  retryMs: number | undefined;
  #type = '';
  #data: string[] = [];
  #length = 0;
  #isOversize = false;
  #id: string | undefined;
  #lines: LineScanner;

  constructor(
    private readonly maxBytes: number,
    private readonly listener: StreamEventListener,
  ) {
    this.#lines = this.#newLines();
  }

  /** Size of the event that has no end yet. */
  get pendingBytes(): number {
    return this.#lines.pendingBytes + this.#length;
  }

  /** The stream begins anew: an event that broke off is dropped. */
  restart(): void {
    this.#lines = this.#newLines();
    this.#clear();
    this.#id = undefined;
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  #line(text: string): void {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '') this.#dispatch();
    else if (line.includes('\r')) for (const part of line.split('\r')) this.#line(part);
    else this.#field(line.startsWith('\ufeff') ? line.slice(1) : line);
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') this.#addData(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d{1,9}$/.test(value)) this.retryMs = Number(value);
  }

  #addData(value: string): void {
    this.#length += value.length;
    if (this.#length > this.maxBytes) this.#drop(this.#length);
    else this.#data.push(value);
  }

  #drop(bytes: number, id?: RequestId): void {
    this.#data = [];
    if (!this.#isOversize) this.listener.oversize(bytes, id);
    this.#isOversize = true;
  }

  /** The id counts from the end of its event on, also where the event has no data. */
  #dispatch(): void {
    const event = { type: this.#type || 'message', data: this.#data.join('\n') };
    const isWhole = this.#data.length > 0 && !this.#isOversize;
    if (this.#id !== undefined) this.lastEventId = this.#id;
    this.#clear();
    if (isWhole) this.listener.event(event);
  }

  #clear(): void {
    this.#type = '';
    this.#data = [];
    this.#length = 0;
    this.#isOversize = false;
  }

  #newLines(): LineScanner {
    return new LineScanner(this.maxBytes, {
      line: (text) => this.#line(text),
      oversize: (bytes, { id, hasMethod }) => this.#drop(bytes, hasMethod ? undefined : id),
    });
  }
}
