import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { type LogEntry, logEntrySchema } from '../../contract/stats.ts';
import { ownItems } from '../../contract/vmcps.ts';

/** What many rows have in common, and statistics ask for. */
export interface LogGroup {
  vmcpId: string;
  clientId: string;
  clientName: string;
  method: string;
  /** Empty where there is none; `vmcp` for tools of a vMCP's own. */
  serverId: string;
  /** The canonical name of a known tool or prompt; else empty. */
  tool: string;
}

/** A finished operation as the log takes it. */
export interface LogRow extends LogGroup {
  logId: string;
  toolsExposed: number;
  /** Whole milliseconds since 1970. */
  at: number;
  success: boolean;
  durationMs: number;
  /** The whole entry as JSON text, which is stored and given back as it is. */
  text: string;
}

/** A whole entry as a row. */
export function logRowOf(entry: LogEntry): LogRow {
  const { log_id, client_id, client_name, vmcp_id, method, target, mcp_server_id } = entry;
  const { success, error, duration_ms, tools_exposed, timestamp, ...values } = entry;
  const text = JSON.stringify({
    ...{ log_id, client_id, client_name, vmcp_id, method, target, mcp_server_id },
    ...{ success, error, duration_ms, tools_exposed, timestamp },
    // values come last, which the search relies on
    ...{ arguments: values.arguments, result: values.result },
    active_config_snapshot: values.active_config_snapshot,
  });
  return {
    ...toolOf({ method, target, serverId: mcp_server_id }),
    ...{ logId: log_id, vmcpId: vmcp_id, clientId: client_id, clientName: client_name },
    ...{ method, toolsExposed: tools_exposed, success, durationMs: duration_ms, text },
    at: Date.parse(timestamp),
  };
}

/**
 * Under which tool or prompt an operation counts. Names that no server knows count under none:
 * clients may send any number of them.
 */
export function toolOf(operation: {
  method: string;
  target: string | null;
  serverId: string | null;
}): Pick<LogGroup, 'serverId' | 'tool'> {
  const { method, target } = operation;
  const isNamed = method === 'tools/call' || method === 'prompts/get';
  const isOwn = isNamed && target?.startsWith(`${ownItems}.`) === true;
  const serverId = operation.serverId ?? (isOwn ? ownItems : '');
  return { serverId, tool: isNamed && serverId !== '' ? (target ?? '') : '' };
}

/** First line of a log record's payload; the rows' texts follow it, a line each. */
const headSchema = z.object({
  /** Few of them occur in many rows: vMCP, client and its name, method, server, tool. */
  groups: z.array(
    z.tuple([z.string(), z.string(), z.string(), z.string(), z.string(), z.string()]),
  ),
  /**
   * Of each row its group's index, its time, how many tools were exposed, its id's hash, its
   * duration (µs), and whether it failed (0, 1).
   */
  columns: z.array(z.number().int()),
});

/** Numbers that `columns` holds for each row. */
export const columnsOfRow = 6;

/** The same as journals of schema 3 hold it: vMCP, client and method; four numbers. */
const oldHeadSchema = z.object({
  groups: z.array(z.tuple([z.string(), z.string(), z.string()])),
  columns: z.array(z.number().int()),
});
const oldColumnsOfRow = 4;

const firstCapacity = 16 * 1024;
/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const maxBytesPerUnit = 3;

/** By what a row is found; rows with the same are told apart by their texts. */
export function idHash(logId: string): number {
  return crc32(logId);
}

/**
 * The payload of a journal record with log rows, made while they arrive. Their texts are kept as bytes
 * in memory that is used again: as strings the garbage collector would carry them along.
 */
export class LogPayload {
  #groups = new Map<string, number>();
  #columns: number[] = [];
  #lines = Buffer.allocUnsafeSlow(firstCapacity);
  #length = 0;
  #last: LogRow | undefined;

  get rows(): number {
    return this.#columns.length / columnsOfRow;
  }

  /** In bytes of the rows' texts. */
  get length(): number {
    return this.#length;
  }

  add(row: LogRow): void {
    const { at, toolsExposed, durationMs, success, text } = row;
    this.#columns.push(this.#groupOf(row), at, toolsExposed, idHash(row.logId));
    this.#columns.push(Math.round(durationMs * 1000), success ? 0 : 1);
    this.#last = row;
    this.#makeRoom(1 + text.length * maxBytesPerUnit);
    this.#lines[this.#length] = lineFeed;
    this.#length += 1 + this.#lines.write(text, this.#length + 1);
  }

  /** The whole payload; there are no rows in it afterwards. */
  take(): Buffer<ArrayBuffer> {
    const groups = [...this.#groups.keys()].join();
    const head = Buffer.from(`{"groups":[${groups}],"columns":[${this.#columns.join()}]}`);
    const payload = Buffer.concat([head, this.#lines.subarray(0, this.#length)]);
    this.#groups = new Map();
    this.#columns = [];
    this.#length = 0;
    this.#last = undefined;
    return payload;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#lines.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#lines.length * 2));
    this.#lines.copy(larger, 0, 0, this.#length);
    this.#lines = larger;
  }

  #groupOf(row: LogRow): number {
    const last = this.#last;
    // mostly one client calls one vMCP many times
    if (last && isSameGroup(last, row)) return this.#columns.at(-columnsOfRow) ?? 0;
    const { vmcpId, clientId, clientName, method, serverId, tool } = row;
    const group = JSON.stringify([vmcpId, clientId, clientName, method, serverId, tool]);
    const index = this.#groups.get(group) ?? this.#groups.size;
    this.#groups.set(group, index);
    return index;
  }
}

function isSameGroup(one: LogGroup, other: LogGroup): boolean {
  return (
    one.tool === other.tool &&
    one.method === other.method &&
    one.vmcpId === other.vmcpId &&
    one.clientId === other.clientId &&
    one.clientName === other.clientName &&
    one.serverId === other.serverId
  );
}

export interface LogRecord {
  groups: LogGroup[];
  columns: number[];
  /** The rows' texts, with a line feed before each. */
  texts: Uint8Array;
  /** Where in `texts` each row's text begins, and where the last one ends, plus one. */
  starts: number[];
}

/**
 * Takes a payload with log rows apart; the texts themselves are not looked at.
 * @returns undefined for any other payload.
 * @throws Error where its lines are not what its head tells.
 */
export function readLogPayload(payload: Buffer): LogRecord | undefined {
  const headEnd = payload.indexOf(lineFeed);
  if (headEnd === -1) return undefined;
  const content: unknown = JSON.parse(payload.toString('utf8', 0, headEnd));
  const texts = payload.subarray(headEnd);
  const starts: number[] = [];
  for (let at = 0; at !== -1; at = texts.indexOf(lineFeed, at + 1)) starts.push(at + 1);
  starts.push(texts.length + 1);
  const old = oldHeadSchema.safeParse(content).data;
  if (old && old.groups.length > 0) {
    checkColumns(old, oldColumnsOfRow, starts.length - 1);
    return fromOldTexts(texts);
  }
  const head = headSchema.parse(content);
  checkColumns(head, columnsOfRow, starts.length - 1);
  const groups = head.groups.map(
    ([vmcpId, clientId, clientName, method, serverId, tool]): LogGroup => ({
      ...{ vmcpId, clientId, clientName, method, serverId, tool },
    }),
  );
  return { groups, columns: head.columns, texts, starts };
}

/** @throws Error */
function checkColumns(head: { groups: unknown[]; columns: number[] }, width: number, rows: number) {
  const { groups, columns } = head;
  if (columns.length !== width * rows) throw new Error('it lacks some of its log rows');
  for (let at = 0; at < columns.length; at += width) {
    if (!groups[columns[at] ?? -1]) throw new Error('it lacks the group of a log row');
  }
}

/** What old heads do not tell is in the texts. */
function fromOldTexts(texts: Buffer): LogRecord | undefined {
  const rows = new LogPayload();
  for (const line of texts.toString().slice(1).split('\n')) {
    rows.add(logRowOf(logEntrySchema.parse(JSON.parse(line))));
  }
  return readLogPayload(rows.take());
}

const lineFeed = 10;
