import { crc32 } from 'node:zlib';
import * as z from 'zod';
import type { LogEntry } from '../../contract/stats.ts';

/** A finished operation as the log takes it. */
export interface LogRow {
  logId: string;
  vmcpId: string;
  clientId: string;
  method: string;
  toolsExposed: number;
  /** Whole milliseconds since 1970. */
  at: number;
  /** The whole entry as JSON text, which is stored and given back as it is. */
  text: string;
}

/** A whole entry as a row. */
export function logRowOf(entry: LogEntry): LogRow {
  return {
    logId: entry.log_id,
    vmcpId: entry.vmcp_id,
    clientId: entry.client_id,
    method: entry.method,
    toolsExposed: entry.tools_exposed,
    at: Date.parse(entry.timestamp),
    text: JSON.stringify(entry),
  };
}

/** First line of a log record's payload; the rows' texts follow it, a line each. */
const headSchema = z.object({
  /** vMCP, client and method: few of them occur in many rows. */
  groups: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** Of each row its group's index, its time, how many tools were exposed, and its id's hash. */
  columns: z.array(z.number().int()),
});

/** Numbers that `columns` holds for each row. */
export const columnsOfRow = 4;

/** By what a row is found; rows with the same are told apart by their texts. */
export function idHash(logId: string): number {
  return crc32(logId);
}

/** The payload of a journal record with log rows, made while they arrive. */
export class LogPayload {
  readonly #groups = new Map<string, number>();
  readonly #columns: number[] = [];
  #lines = '';
  #last: LogRow | undefined;

  get rows(): number {
    return this.#columns.length / columnsOfRow;
  }

  /** In UTF-16 units of the rows' texts. */
  get length(): number {
    return this.#lines.length;
  }

  add(row: LogRow): void {
    this.#columns.push(this.#groupOf(row), row.at, row.toolsExposed, idHash(row.logId));
    this.#lines += `\n${row.text}`;
    this.#last = row;
  }

  #groupOf(row: LogRow): number {
    const { vmcpId, clientId, method } = row;
    const last = this.#last;
    // mostly one client calls one vMCP many times
    if (last?.vmcpId === vmcpId && last.clientId === clientId && last.method === method) {
      return this.#columns.at(-columnsOfRow) ?? 0;
    }
    const group = JSON.stringify([vmcpId, clientId, method]);
    const index = this.#groups.get(group) ?? this.#groups.size;
    this.#groups.set(group, index);
    return index;
  }

  toString(): string {
    const groups = [...this.#groups.keys()].join();
    return `{"groups":[${groups}],"columns":[${this.#columns.join()}]}${this.#lines}`;
  }
}

export interface LogRecord extends z.infer<typeof headSchema> {
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
  const head = headSchema.parse(JSON.parse(payload.toString('utf8', 0, headEnd)));
  const texts = payload.subarray(headEnd);
  const starts: number[] = [];
  for (let at = 0; at !== -1; at = texts.indexOf(lineFeed, at + 1)) starts.push(at + 1);
  starts.push(texts.length + 1);
  const { groups, columns } = head;
  if (columns.length !== columnsOfRow * (starts.length - 1))
    throw new Error('it lacks some of its log rows');
  for (let at = 0; at < columns.length; at += columnsOfRow) {
    if (!groups[columns[at] ?? -1]) throw new Error('it lacks the group of a log row');
  }
  return { ...head, texts, starts };
}

const lineFeed = 10;
