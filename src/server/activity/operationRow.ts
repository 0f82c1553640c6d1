import type { JsonObject, JsonValue } from '../../contract/json.ts';
import type { LogEntry } from '../../contract/stats.ts';
import { type LogRow, toolOf } from '../store/logRecord.ts';
import type { Operation } from './activity.ts';
import { boundedJson, smallJson } from './boundedJson.ts';
import type { Redactor } from './redactor.ts';

/** Bytes of JSON that a logged value may have. */
const maxValueBytes = 4 * 1024;
/** What `{truncated, bytes, preview}` itself needs of them. */
const envelopeBytes = 64;
const maxTargetLength = 1024;

/**
 * An operation as the row that is kept of it: cut, and without secrets.
 * @param activeConfig its `active_config_snapshot` as `loggedConfig` wrote it.
 */
export function operationRow(
  operation: Operation,
  logId: string,
  activeConfig: string,
  redactor: Redactor,
): LogRow {
  const { vmcpId, clientId, method, toolsExposed, error, success } = operation;
  const clientName = redactedText(operation.clientName, maxTargetLength, redactor);
  const target =
    operation.target === null ? null : redactedText(operation.target, maxTargetLength, redactor);
  const durationMs = Math.round(operation.durationMs * 1000) / 1000;
  const at = Math.trunc(operation.at);
  const head: Omit<LogEntry, 'arguments' | 'result' | 'active_config_snapshot'> = {
    log_id: logId,
    client_id: clientId,
    client_name: clientName,
    vmcp_id: vmcpId,
    method,
    target,
    mcp_server_id: operation.serverId,
    success,
    error: error === null ? null : redactedText(error, maxValueBytes, redactor),
    duration_ms: durationMs,
    tools_exposed: toolsExposed,
    timestamp: new Date(at).toISOString(),
  };
  // The values are text already; as objects they would be written a second time.
  const values = `"arguments":${loggedValue(operation.arguments, redactor)},"result":${loggedValue(operation.result, redactor)},"active_config_snapshot":${activeConfig}`;
  const text = `${JSON.stringify(head).slice(0, -1)},${values}}`;
  const { serverId, tool } = toolOf({ method, target, serverId: operation.serverId });
  const group = { vmcpId, clientId, clientName, method, serverId, tool };
  return { ...group, logId, toolsExposed, at, success, durationMs, text };
}

/** `active_config` as JSON text for rows; worked out once for many rows. */
export function loggedConfig(activeConfig: JsonObject, redactor: Redactor): string {
  return loggedValue(activeConfig, redactor);
}

/** The JSON text of a value of at most 4 KiB, of a larger one its beginning; without secrets both. */
function loggedValue(value: JsonValue | undefined, redactor: Redactor): string {
  if (value === undefined) return 'null';
  const whole = smallJson(value, maxValueBytes);
  if (whole !== undefined) return redactor.json(value, whole);
  const { text, bytes } = boundedJson(value, maxValueBytes + redactor.margin);
  const preview = firstBytes(
    redactor.cutText(text, maxValueBytes - envelopeBytes),
    maxValueBytes - envelopeBytes,
  );
  return JSON.stringify({ truncated: true, bytes, preview });
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
