import type { ServerResponse } from 'node:http';
import type { JsonRpcNotification } from '../../../contract/jsonRpc.ts';
import { sendJson } from '../exchange.ts';

/** After this time without a result a stream is opened, so that the connection shows life. */
const streamAfterMs = 3000;
const keepAliveMs = 15_000;
/** A reader this far behind is cut off. */
const maxUnsentBytes = 16 * 1024 * 1024;

/**
 * The answer to one POST: plain JSON when the result is the first thing that comes, else a stream,
 * which cannot be resumed (MCP 2026-07-28, basic/transports/streamable-http).
 */
export class ModernReply {
  #isStream = false;
  #ended = false;
  #lastSent = performance.now();
  #onEnded: (() => void) | undefined;

  /** @param acceptsStream whether the client reads event streams */
  constructor(
    private readonly response: ServerResponse,
    readonly acceptsStream: boolean,
  ) {}

  /** Calls back when the client has gone before the end: that is how it cancels. */
  onLeft(left: () => void): void {
    this.response.on('close', () => {
      if (this.#ended) return;
      this.#end();
      left();
    });
  }

  /** Calls back once, when nothing can be sent any more. */
  onEnded(ended: () => void): void {
    this.#onEnded = ended;
  }

  /** Opens the stream now, before any message. */
  stream(): void {
    if (this.#isStream || this.#ended || !this.acceptsStream) return;
    this.#isStream = true;
    this.response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.response.flushHeaders();
  }

  send(notification: JsonRpcNotification): void {
    if (this.#ended || !this.acceptsStream) return;
    this.stream();
    this.#write(`event: message\ndata: ${JSON.stringify(notification)}\n\n`);
  }

  /** The last message, as JSON text. @param status of no account once a stream is open */
  finish(text: string, status = 200): void {
    if (this.#ended) return;
    this.#end();
    if (!this.#isStream) sendJson(this.response, status, text);
    else this.response.end(`event: message\ndata: ${text}\n\n`);
  }

  /** Called about twice a second. */
  tick(now: number): void {
    if (this.#ended) return;
    const silentMs = now - this.#lastSent;
    if (!this.#isStream && silentMs >= streamAfterMs) this.stream();
    else if (this.#isStream && silentMs >= keepAliveMs) this.#write(':\n\n');
  }

  #end(): void {
    this.#ended = true;
    this.#onEnded?.();
  }

  #write(text: string): void {
    this.#lastSent = performance.now();
    if (this.response.writableLength > maxUnsentBytes) this.response.destroy();
    else this.response.write(text);
  }
}
