import type { Log } from '../log.ts';
import { type Attributes, OpenSpan, type SpanStart } from './span.ts';
import { SpanExporter } from './spanExporter.ts';
import { newContext } from './traceContext.ts';

/** How long the end of the server waits for the last spans to be taken. */
const closeLimitMs = 2_000;

/** Makes spans while there is a collector to send them to. Nothing is traced by default. */
export class Tracer {
  #exporter: SpanExporter | undefined;
  #endpoint = '';
  readonly #resource: Attributes;

  constructor(
    version: string,
    private readonly log: Log,
  ) {
    this.#resource = {
      'service.name': 'vmcp',
      'service.version': version,
      'process.pid': process.pid,
    };
  }

  get isOn(): boolean {
    return this.#exporter !== undefined;
  }

  /** @param endpoint of a collector that takes OTLP/HTTP in JSON; empty for none */
  async setEndpoint(endpoint: string): Promise<void> {
    if (endpoint === this.#endpoint) return;
    this.#endpoint = endpoint;
    const before = this.#exporter;
    this.#exporter = endpoint ? new SpanExporter(endpoint, this.#resource, this.log) : undefined;
    await before?.close(closeLimitMs);
  }

  /** Begins a span below `parent`, else a trace. */
  start(span: Omit<SpanStart, 'context'>): OpenSpan {
    const context = newContext(span.parent);
    return new OpenSpan({ ...span, context }, (finished) => this.#exporter?.add(finished));
  }

  close(): Promise<void> {
    return this.setEndpoint('');
  }
}
