import type { TraceContext } from './traceContext.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanStart {
  name: string;
  /** `server`: a request that came; `client`: one that is sent on. */
  kind: 'server' | 'client';
  context: TraceContext;
  parent: TraceContext | undefined;
  attributes: Attributes;
}

/** One piece of work that has ended. */
export interface FinishedSpan extends SpanStart {
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  /** What kind of failure it was (`error.type`); undefined where it succeeded. */
  errorType: string | undefined;
}

/** Work that goes on. Its length is measured by the monotonic clock, whatever the wall clock does. */
export class OpenSpan {
  readonly #startedAt = Date.now();
  readonly #began = performance.now();

  constructor(
    readonly start: SpanStart,
    private readonly onEnd: (span: FinishedSpan) => void,
  ) {}

  get context(): TraceContext {
    return this.start.context;
  }

  /** To be called once. @param errorType undefined: it succeeded */
  end(errorType: string | undefined, more: Attributes = {}): void {
    if (!this.start.context.isSampled) return;
    this.onEnd({
      ...this.start,
      attributes: { ...this.start.attributes, ...more },
      startedAt: this.#startedAt,
      durationMs: performance.now() - this.#began,
      errorType,
    });
  }
}
