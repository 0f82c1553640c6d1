import type { SqlValue } from 'sql.js';
import type { LogEntry } from '../../contract/stats.ts';
import type { Database, Row } from './database.ts';

/** Caps of the log; the oldest rows beyond one of them go. */
export interface LogLimits {
  rows: number;
  days: number;
  /** Of all rows, by the size of their values. */
  bytes: number;
}
export const defaultLogLimits: LogLimits = { rows: 50_000, days: 30, bytes: 24 * 1024 * 1024 };

/** Milliseconds. */
export const day = 86_400_000;
/** Rows that one step of pruning takes: a few milliseconds. */
const portion = 500;
/** About what a row needs beside its texts: its id, numbers, and its entries in the indexes. */
const rowOverhead = 150;
/** Sums of pruned rows that are kept: years of ordinary use. */
const dailyRows = 20_000;

const insertRow = `INSERT OR IGNORE INTO logs VALUES (${Array(16).fill('?').join()})`;
const addToDay = `INSERT INTO daily VALUES (?, ?, ?, ?, 1, ?)
  ON CONFLICT DO UPDATE SET rows = rows + 1, tools_exposed = tools_exposed + excluded.tools_exposed`;

/** Recorded operations: the newest as rows, pruned ones as sums by day, vMCP, client and method. */
export class LogTable {
  #rows: number;
  #bytes: number;

  constructor(
    private readonly database: Database,
    private limits: LogLimits,
  ) {
    const counted = database.first('SELECT count(*) AS rows, sum(bytes) AS bytes FROM logs');
    this.#rows = Number(counted.rows);
    this.#bytes = Number(counted.bytes ?? 0);
  }

  setLimits(limits: Partial<LogLimits>): void {
    this.limits = { ...this.limits, ...limits };
  }

  /** Inserts rows in one transaction; a row with a known id is left out. */
  insert(entries: readonly LogEntry[]): void {
    let rows = 0;
    let bytes = 0;
    this.database.atomically(() => {
      for (const entry of entries) {
        const [values, size] = toValues(entry);
        if (this.database.run(insertRow, values) === 0) continue;
        rows += 1;
        bytes += size;
      }
    });
    this.#rows += rows;
    this.#bytes += bytes;
  }

  get(logId: string): LogEntry | undefined {
    const row = this.database.first('SELECT * FROM logs WHERE log_id = ?', [logId]);
    return row.log_id === undefined ? undefined : toEntry(row);
  }

  /**
   * Takes away a portion of the rows beyond the caps.
   * @param now milliseconds since 1970.
   * @returns whether there are more.
   */
  prune(now: number): boolean {
    const oldest = this.database.all(
      `SELECT rowid AS row, at, bytes, vmcp_id, client_id, method, tools_exposed
       FROM logs ORDER BY at LIMIT ${portion}`,
    );
    let rows = this.#rows;
    let bytes = this.#bytes;
    const { limits } = this;
    const isBeyond = (row: Row): boolean => {
      const beyond =
        rows > limits.rows || bytes > limits.bytes || Number(row.at) < now - limits.days * day;
      if (beyond) {
        rows -= 1;
        bytes -= Number(row.bytes);
      }
      return beyond;
    };
    const end = oldest.findIndex((row) => !isBeyond(row));
    this.#remove(end === -1 ? oldest : oldest.slice(0, end));
    this.#rows = rows;
    this.#bytes = bytes;
    return end === -1 && oldest.length === portion;
  }

  #remove(rows: Row[]): void {
    if (rows.length === 0) return;
    this.database.atomically(() => {
      for (const row of rows) {
        const at = Number(row.at);
        const keys = [text(row.vmcp_id), text(row.client_id), text(row.method)];
        this.database.run(addToDay, [at - (at % day), ...keys, Number(row.tools_exposed)]);
        this.database.run('DELETE FROM logs WHERE rowid = ?', [Number(row.row)]);
      }
      const days = Number(this.database.first('SELECT count(*) AS rows FROM daily').rows);
      if (days > dailyRows) {
        this.database.run('DELETE FROM daily WHERE day = (SELECT min(day) FROM daily)');
      }
    });
  }
}

/** A row of the table as the entry that was recorded. */
export function toEntry(row: Row): LogEntry {
  return {
    log_id: text(row.log_id),
    client_id: text(row.client_id),
    client_name: text(row.client_name),
    vmcp_id: text(row.vmcp_id),
    method: text(row.method),
    target: textOrNull(row.target),
    mcp_server_id: textOrNull(row.mcp_server_id),
    arguments: JSON.parse(text(row.arguments)),
    result: JSON.parse(text(row.result)),
    success: row.success === 1,
    error: textOrNull(row.error),
    duration_ms: Number(row.duration_ms),
    tools_exposed: Number(row.tools_exposed),
    active_config_snapshot: JSON.parse(text(row.active_config_snapshot)),
    timestamp: new Date(Number(row.at)).toISOString(),
  };
}

function toValues(entry: LogEntry): [values: SqlValue[], bytes: number] {
  const rest = [
    entry.client_id,
    entry.client_name,
    entry.vmcp_id,
    entry.method,
    entry.target,
    entry.mcp_server_id,
    entry.success ? 1 : 0,
    entry.duration_ms,
    entry.tools_exposed,
    entry.error,
    JSON.stringify(entry.active_config_snapshot),
    JSON.stringify(entry.arguments),
    JSON.stringify(entry.result),
  ];
  const bytes = rest.reduce<number>(
    (sum, value) => sum + (typeof value === 'string' ? Buffer.byteLength(value) : 0),
    rowOverhead,
  );
  return [[entry.log_id, Date.parse(entry.timestamp), bytes, ...rest], bytes];
}

function text(value: SqlValue | undefined): string {
  return String(value);
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
