import type { Attributes, FinishedSpan } from './span.ts';

/** Of OTLP's `SpanKind`. */
const kinds = { server: 2, client: 3 } as const;
/** Of OTLP's `Status`. */
const statusError = 2;

/** Spans as the body of an OTLP/HTTP request in JSON (OTLP 1.x, `ExportTraceServiceRequest`). */
export function exportRequest(spans: readonly FinishedSpan[], resource: Attributes): string {
  const scope = { name: 'vmcp', version: resource['service.version'] };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: keyValues(resource) },
        scopeSpans: [{ scope, spans: spans.map(spanJson) }],
      },
    ],
  });
}

function spanJson(span: FinishedSpan) {
  const { context, parent, errorType } = span;
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    ...(parent && { parentSpanId: parent.spanId }),
    name: span.name,
    kind: kinds[span.kind],
    startTimeUnixNano: nanoseconds(span.startedAt),
    endTimeUnixNano: nanoseconds(span.startedAt + span.durationMs),
    attributes: keyValues({ ...span.attributes, 'error.type': errorType }),
    status: errorType === undefined ? {} : { code: statusError },
  };
}

/** 64-bit integers are strings in OTLP's JSON. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`;
}

function keyValues(attributes: Attributes) {
  return Object.entries(attributes).flatMap(([key, value]): { key: string; value: object }[] => {
    if (value === undefined) return [];
    if (typeof value === 'boolean') return [{ key, value: { boolValue: value } }];
    if (typeof value === 'string') return [{ key, value: { stringValue: value } }];
    const isInteger = Number.isInteger(value);
    return [{ key, value: isInteger ? { intValue: String(value) } : { doubleValue: value } }];
  });
}
