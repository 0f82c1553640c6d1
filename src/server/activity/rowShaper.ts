import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import type { LogEntry } from '../../contract/stats.ts';
import { keptJsonText } from '../jsonText.ts';
import { type LogGroup, type LogRow, toolOf } from '../store/logRecord.ts';
import type { Operation } from './activity.ts';
import { boundedJson, smallJson } from './boundedJson.ts';
import type { Redactor } from './redactor.ts';

/** Bytes of JSON that a logged value may have. */
const maxValueBytes = 4 * 1024;
/** What `{truncated, bytes, preview}` itself needs of them. */
const envelopeBytes = 64;
const maxTargetLength = 1024;

/** What the row of one operation mostly has in common with the row before. */
interface Common {
  operation: Operation;
  /** Of the redactor, when `text` was made. */
  revision: number;
  group: LogGroup;
  /** Its members in the row's text. */
  text: string;
}

/** A list's result as rows hold it. */
interface LoggedList {
  /** Of the redactor, when `text` was made. */
  revision: number;
  text: string;
}

/** Makes of operations the rows that are kept of them: cut, and without secrets. */
export class RowShaper {
  #common: Common | undefined;
  /** By result: lists are long, and mostly the same object as the last time. */
  readonly #lists = new WeakMap<JsonObject, LoggedList>();
  #time = { at: 0, text: '' };

  constructor(private readonly redactor: Redactor) {}

  /** @param activeConfig its `active_config_snapshot` as `config` wrote it */
  row(operation: Operation, logId: string, activeConfig: string): LogRow {
    const { toolsExposed, success, error } = operation;
    const at = Math.trunc(operation.at);
    const durationMs = Math.round(operation.durationMs * 1000) / 1000;
    const { group, text: common } = this.#commonOf(operation);
    const failure = error === null ? null : redactedText(error, maxValueBytes, this.redactor);
    const outcome = `"success":${success},"error":${JSON.stringify(failure)},"duration_ms":${durationMs}`;
    const facts = `"tools_exposed":${toolsExposed},"timestamp":"${this.#timestamp(at)}"`;
    const args = loggedValue(operation.arguments, this.redactor);
    const result = this.#result(operation);
    // values come last, which the search relies on
    const values = `"arguments":${args},"result":${result},"active_config_snapshot":${activeConfig}`;
    const text = `{"log_id":"${logId}",${common},${outcome},${facts},${values}}`;
    const { vmcpId, clientId, clientName, method, serverId, tool } = group;
    // members of their own: adding to a copy of the group is slow, and leaves lasting garbage
    // biome-ignore format: one line for each kind
    return {
      vmcpId, clientId, clientName, method, serverId, tool,
      logId, toolsExposed, at, success, durationMs, text,
    };
  }

  /** `active_config` as JSON text for rows; worked out once for many rows. */
  config(activeConfig: JsonObject): string {
    return loggedValue(activeConfig, this.redactor);
  }

  #commonOf(operation: Operation): Common {
    const { revision } = this.redactor;
    const last = this.#common;
    if (last?.revision === revision && hasSameParties(last.operation, operation)) return last;
    const { vmcpId, clientId, method, serverId } = operation;
    const shown = (text: string) => redactedText(text, maxTargetLength, this.redactor);
    const clientName = shown(operation.clientName);
    const target = operation.target === null ? null : shown(operation.target);
    const members: Partial<LogEntry> = {
      client_id: clientId,
      client_name: clientName,
      vmcp_id: vmcpId,
      method,
      target,
      mcp_server_id: serverId,
    };
    const group = { vmcpId, clientId, clientName, method, ...toolOf({ method, target, serverId }) };
    const text = JSON.stringify(members).slice(1, -1);
    this.#common = {
      operation: { ...operation, arguments: undefined, result: undefined },
      revision,
      group,
      text,
    };
    return this.#common;
  }

  #result({ method, result }: Operation): string {
    if (!method.endsWith('/list') || !isJsonObject(result)) {
      return loggedValue(result, this.redactor);
    }
    const { revision } = this.redactor;
    const known = this.#lists.get(result);
    if (known?.revision === revision) return known.text;
    const text = loggedValue(result, this.redactor);
    this.#lists.set(result, { revision, text });
    return text;
  }

  #timestamp(at: number): string {
    if (this.#time.at !== at) this.#time = { at, text: new Date(at).toISOString() };
    return this.#time.text;
  }
}

function hasSameParties(one: Operation, other: Operation): boolean {
  return (
    one.target === other.target &&
    one.method === other.method &&
    one.vmcpId === other.vmcpId &&
    one.clientId === other.clientId &&
    one.clientName === other.clientName &&
    one.serverId === other.serverId
  );
}

/** The JSON text of a value of at most 4 KiB, of a larger one its beginning; without secrets both. */
function loggedValue(value: JsonValue | undefined, redactor: Redactor): string {
  if (value === undefined) return 'null';
  const kept = redactor.isIdle && isJsonObject(value) ? keptJsonText(value) : undefined;
  if (kept !== undefined && kept.length * 3 <= maxValueBytes) return kept;
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
