import { randomBytes } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';

/** Which trace, and which span of it, something belongs to (W3C Trace Context, level 1). */
export interface TraceContext {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  /** Whether whoever began the trace wants it recorded. */
  isSampled: boolean;
}

const traceparentForm =
  /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-[\x21-\x7e]*)?$/;

/** The context that a client's `params._meta.traceparent` tells; undefined where it tells none. */
export function traceContextOf(params: JsonObject): TraceContext | undefined {
  const meta = params._meta;
  const traceparent = isJsonObject(meta) ? meta.traceparent : undefined;
  const match = typeof traceparent === 'string' ? traceparentForm.exec(traceparent) : null;
  if (!match) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined; // “invalid” by the standard
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** A span below `parent`, else the first of a new trace. */
export function newContext(parent: TraceContext | undefined): TraceContext {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    isSampled: parent?.isSampled ?? true,
  };
}

/** Params that carry the context; a `tracestate` of the client goes on as it is. */
export function withContext(params: JsonObject | undefined, context: TraceContext): JsonObject {
  const meta = isJsonObject(params?._meta) ? params._meta : undefined;
  const { traceId, spanId, isSampled } = context;
  const traceparent = `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
  return { ...params, _meta: { ...meta, traceparent } };
}

/** The context of `params._meta` as HTTP headers, where it has the standard's form; else none. */
export function traceHeaders(params: JsonObject | undefined): Record<string, string> | undefined {
  const meta = params?._meta;
  if (!isJsonObject(meta) || typeof meta.traceparent !== 'string') return undefined;
  const { traceparent, tracestate } = meta;
  if (!traceparentForm.test(traceparent) || traceparent.length > 512) return undefined;
  const hasState = typeof tracestate === 'string' && /^[\x20-\x7e]{1,512}$/.test(tracestate);
  return { traceparent, ...(hasState && { tracestate }) };
}
