import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../contract/json.ts';
import type { LogEntry } from '../../contract/stats.ts';
import type { Operation } from './activity.ts';
import { boundedJson } from './boundedJson.ts';
import type { Redactor } from './redactor.ts';

/** Bytes of JSON that a logged value may have. */
const maxValueBytes = 4 * 1024;
/** What `{truncated, bytes, preview}` itself needs of them. */
const envelopeBytes = 64;
const maxTargetLength = 1024;

/** An operation as the row that is kept of it: cut, and without secrets. */
export function logEntryOf(
  operation: Operation,
  activeConfig: JsonObject,
  redactor: Redactor,
): LogEntry {
  const { error, target } = operation;
  return {
    log_id: `log_${randomUUID().replaceAll('-', '')}`,
    client_id: operation.clientId,
    client_name: redactedText(operation.clientName, maxTargetLength, redactor),
    vmcp_id: operation.vmcpId,
    method: operation.method,
    target: target === null ? null : redactedText(target, maxTargetLength, redactor),
    mcp_server_id: operation.serverId,
    arguments: loggedValue(operation.arguments, redactor),
    result: loggedValue(operation.result, redactor),
    success: operation.success,
    error: error === null ? null : redactedText(error, maxValueBytes, redactor),
    duration_ms: Math.round(operation.durationMs * 1000) / 1000,
    tools_exposed: operation.toolsExposed,
    active_config_snapshot: activeConfig,
    timestamp: new Date(operation.at).toISOString(),
  };
}

/** `active_config` as rows show it; worked out once for many rows. */
export function loggedConfig(activeConfig: JsonObject, redactor: Redactor): JsonObject {
  return loggedValue(activeConfig, redactor) as JsonObject; // an object stays one, cut or not
}

/** A value of at most 4 KiB as it is, of a larger one its beginning; without secrets both. */
function loggedValue(value: JsonValue | undefined, redactor: Redactor): LogEntry['arguments'] {
  if (value === undefined) return null;
  const { text, complete, bytes } = boundedJson(value, maxValueBytes + redactor.margin);
  if (complete && bytes <= maxValueBytes) return redactor.value(value) as LogEntry['arguments'];
  const preview = firstBytes(
    redactor.cutText(text, maxValueBytes - envelopeBytes),
    maxValueBytes - envelopeBytes,
  );
  return { truncated: true, bytes, preview };
}

function redactedText(text: string, maxLength: number, redactor: Redactor): string {
  const isCut = text.length > maxLength;
  const clean = redactor.cutText(text.slice(0, maxLength + redactor.margin), maxLength);
  return isCut ? `${clean}…` : clean;
}

/** As many characters as fit into so many bytes of UTF-8. */
function firstBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  // in a stream's decoding the half character at the end is held back
  return new TextDecoder().decode(Buffer.from(text).subarray(0, maxBytes), { stream: true });
}
