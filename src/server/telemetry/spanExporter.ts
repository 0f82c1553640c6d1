import type { Log } from '../log.ts';
import { exportRequest } from './otlpJson.ts';
import type { Attributes, FinishedSpan } from './span.ts';

/** Spans that wait at most; later ones are counted and dropped. */
const maxQueue = 4096;
const batchSize = 512;
const sendEveryMs = 1_000;
const requestLimitMs = 10_000;
/** How often a collector that does not take spans is complained about. */
const warnEveryMs = 60_000;

/**
 * Sends finished spans to a collector by OTLP/HTTP, in batches and beside the calls: a collector that is
 * slow, or not there, costs a bounded queue and nothing else.
 */
export class SpanExporter {
  readonly #address: string;
  readonly #queue: FinishedSpan[] = [];
  readonly #ending = new AbortController();
  readonly #timer = setInterval(() => void this.#flush(), sendEveryMs).unref();
  #sending: Promise<void> | undefined;
  #dropped = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  /** @param endpoint base address of the collector, or that of its traces */
  constructor(
    endpoint: string,
    private readonly resource: Attributes,
    private readonly log: Log,
  ) {
    this.#address = tracesAddress(endpoint);
  }

  add(span: FinishedSpan): void {
    if (this.#queue.length < maxQueue) this.#queue.push(span);
    else this.#dropped += 1;
  }

  /** Sends what is left, for `limitMs` at most. */
  async close(limitMs: number): Promise<void> {
    clearInterval(this.#timer);
    const timer = setTimeout(() => this.#ending.abort(), limitMs).unref();
    await this.#sending;
    await this.#flush();
    clearTimeout(timer);
  }

  #flush(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#queue.length > 0 && !this.#ending.signal.aborted) {
      const batch = this.#queue.splice(0, batchSize);
      try {
        await this.#send(batch);
      } catch (error) {
        this.#dropped += batch.length;
        this.#warn(error);
        return; // the next turn tries the next ones
      }
    }
  }

  async #send(batch: readonly FinishedSpan[]): Promise<void> {
    const limit = AbortSignal.timeout(requestLimitMs);
    const response = await fetch(this.#address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: exportRequest(batch, this.resource),
      redirect: 'error',
      signal: AbortSignal.any([limit, this.#ending.signal]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  }

  #warn(error: unknown): void {
    const now = performance.now();
    if (now - this.#warnedAt < warnEveryMs) return;
    this.#warnedAt = now;
    const cause = error instanceof Error && error.cause ? error.cause : error;
    const fields = { reason: String(cause), dropped: this.#dropped };
    this.log.warning('Spans were not taken by vmcp.telemetry.otlpEndpoint', fields);
  }
}

/** By OTLP/HTTP, traces go to `v1/traces` below the endpoint. */
function tracesAddress(endpoint: string): string {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/v1/traces') ? path : `${path}/v1/traces`;
  return url.href;
}
