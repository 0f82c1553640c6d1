import type { IncomingMessage } from 'node:http';
import { within } from './eventually.ts';

export interface SseEvent {
  id?: string;
  event?: string;
  retry?: number;
  /** '' for a priming event. */
  data: string;
}

/** Reads the events of an event stream, one at a time and in order. */
export class SseReader {
  readonly #events: AsyncGenerator<SseEvent>;
  /** Asked for, but its caller gave up waiting: the next caller gets it. */
  #pending: Promise<IteratorResult<SseEvent>> | undefined;

  constructor(readonly response: IncomingMessage) {
    this.#events = parse(response);
  }

  /**
   * The next event; undefined at the stream's end.
   * @throws Error where none comes in time, or the connection broke
   */
  async next(timeoutMs = 10_000): Promise<SseEvent | undefined> {
    this.#pending ??= this.#events.next();
    const result = await within(this.#pending, timeoutMs, 'the next event');
    this.#pending = undefined;
    return result.done ? undefined : result.value;
  }

  /** The next event that carries a message, parsed. @throws Error at the stream's end */
  async nextMessage(timeoutMs = 10_000): Promise<{ id?: string; message: RpcMessage }> {
    for (;;) {
      const event = await this.next(timeoutMs);
      if (!event) throw new Error('the stream ended before the next message');
      if (event.data === '') continue;
      return { ...(event.id !== undefined && { id: event.id }), message: JSON.parse(event.data) };
    }
  }

  /** Cuts the connection. */
  close(): void {
    this.response.destroy();
  }
}

/** A JSON-RPC message as a test sees it. */
export interface RpcMessage {
  jsonrpc: '2.0';
  id?: string | number | null;
  method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape and assert on them
  params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  result?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  error?: { code: number; message: string; data?: any };
}

async function* parse(response: IncomingMessage): AsyncGenerator<SseEvent> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    const blocks = (rest + chunk).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event) yield event;
    }
  }
}

/** undefined for a block of comments only. */
function parseBlock(block: string): SseEvent | undefined {
  const event: SseEvent = { data: '' };
  const data: string[] = [];
  let known = false;
  for (const line of block.split(/\r?\n/)) {
    const match = /^(id|event|retry|data)(?:: ?(.*))?$/.exec(line);
    if (!match) continue;
    known = true;
    const value = match[2] ?? '';
    if (match[1] === 'data') data.push(value);
    else if (match[1] === 'retry') event.retry = Number(value);
    else event[match[1] as 'id' | 'event'] = value;
  }
  event.data = data.join('\n');
  return known ? event : undefined;
}
