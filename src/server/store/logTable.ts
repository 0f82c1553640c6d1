import type { SqlValue } from 'sql.js';
import type { LogEntry } from '../../contract/stats.ts';
import type { Database } from './database.ts';
import { addBins, binOf, readBins, writeBins } from './durationBins.ts';
import { columnsOfRow, idHash, type LogGroup, type LogRecord } from './logRecord.ts';
import { packTexts, unpackTexts } from './logTexts.ts';
import { day } from './timeBuckets.ts';

/** Caps of the log; the oldest rows beyond one of them go. */
export interface LogLimits {
  rows: number;
  days: number;
  /** Of all rows, by the size of their texts. */
  bytes: number;
}
export const defaultLogLimits: LogLimits = { rows: 50_000, days: 30, bytes: 24 * 1024 * 1024 };

/** Rows that one step of pruning takes: a few milliseconds. */
const portion = 500;
/** About what a row needs beside its text. */
const rowOverhead = 50;
/** Sums of pruned rows that are kept: years of ordinary use. */
const dailyRows = 20_000;

/** What pruned rows of one day and group add to its sums. */
interface Pruned {
  since: number;
  group: number;
  rows: number;
  exposed: number;
  failed: number;
  durations: Map<number, number>;
}

/**
 * Recorded operations: the newest as rows, pruned ones as sums by day, vMCP, client, method and tool.
 * What queries look for stands in narrow rows; the texts of all rows of a journal record stand
 * packed together in another table, and are read only for what is shown.
 */
export class LogTable {
  #rows: number;
  #bytes: number;
  #nextRow: number;

  constructor(
    private readonly database: Database,
    private limits: LogLimits,
  ) {
    const counted = database.first(
      'SELECT count(*) AS rows, sum(length) AS length, max(row) AS last FROM logs',
    );
    this.#rows = Number(counted.rows);
    this.#bytes = Number(counted.length ?? 0) + this.#rows * rowOverhead;
    this.#nextRow = Number(counted.last ?? 0) + 1;
  }

  setLimits(limits: Partial<LogLimits>): void {
    this.limits = { ...this.limits, ...limits };
  }

  /** Inserts the rows of a record in one transaction. */
  insert({ groups, columns, texts, starts }: LogRecord): void {
    const batch = this.#nextRow;
    const count = starts.length - 1;
    const packed = packTexts(texts);
    this.database.atomically(() => {
      this.database.run('INSERT INTO log_texts VALUES (?, ?, ?)', [batch, count, packed]);
      const ids = groups.map((group) => this.#groupId(group));
      for (let index = 0; index < count; index++) {
        const first = index * columnsOfRow;
        const [group = 0, at = 0, toolsExposed = 0, hash = 0, duration = 0, failed = 0] =
          columns.slice(first, first + columnsOfRow);
        const start = starts[index] ?? 0;
        const length = (starts[index + 1] ?? 0) - 1 - start;
        this.database.run('INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
          ...[batch + index, at, ids[group] ?? 0, toolsExposed],
          ...[batch, start, length, hash, duration, failed],
        ]);
      }
    });
    this.#nextRow += count;
    this.#rows += count;
    this.#bytes += texts.length + count * (rowOverhead - 1);
  }

  get(logId: string): LogEntry | undefined {
    return readEntries(this.database, 'WHERE id_hash = ?', [idHash(logId)]).find(
      ({ entry }) => entry.log_id === logId,
    )?.entry;
  }

  /**
   * Takes away a portion of the rows beyond the caps.
   * @param now milliseconds since 1970.
   * @returns whether there are more.
   */
  prune(now: number): boolean {
    const { limits } = this;
    const oldestAllowed = now - limits.days * day;
    const { time } = this.database.first('SELECT min(at) AS time FROM logs');
    if (
      this.#rows <= limits.rows &&
      this.#bytes <= limits.bytes &&
      Number(time ?? oldestAllowed) >= oldestAllowed
    ) {
      return false;
    }
    const oldest = this.database
      .lists(
        `SELECT row, at, length, group_id, tools_exposed, batch, duration, failed
         FROM logs ORDER BY at, row LIMIT ${portion}`,
      )
      .map((values): number[] => values.map(Number));
    let rows = this.#rows;
    let bytes = this.#bytes;
    const end = oldest.findIndex(([, at = 0, length = 0]) => {
      if (rows <= limits.rows && bytes <= limits.bytes && at >= oldestAllowed) return true;
      rows -= 1;
      bytes -= length + rowOverhead;
      return false;
    });
    this.#remove(end === -1 ? oldest : oldest.slice(0, end));
    this.#rows = rows;
    this.#bytes = bytes;
    return end === -1 && oldest.length === portion;
  }

  #groupId(group: LogGroup): number {
    const { vmcpId, clientId, clientName, method, serverId, tool } = group;
    const values = [vmcpId, clientId, clientName, method, serverId, tool];
    this.database.run('INSERT OR IGNORE INTO log_groups VALUES (NULL, ?, ?, ?, ?, ?, ?)', values);
    const { id } = this.database.first(
      `SELECT id FROM log_groups WHERE vmcp_id = ? AND client_id = ? AND client_name = ?
         AND method = ? AND server_id = ? AND tool = ?`,
      values,
    );
    return Number(id);
  }

  /** @param rows the oldest, in their order: row, at, length, group, tools exposed, batch, duration, failed. */
  #remove(rows: number[][]): void {
    const [lastRow = 0, lastAt = 0] = rows.at(-1) ?? [];
    const sums = new Map<string, Pruned>();
    const batches = new Set<number>();
    for (const [, at = 0, , group = 0, exposed = 0, batch = 0, duration = 0, failed = 0] of rows) {
      const since = at - (at % day);
      const key = `${since} ${group}`;
      const sum = sums.get(key) ?? {
        ...{ since, group, rows: 0, exposed: 0, failed: 0, durations: new Map() },
      };
      sum.rows += 1;
      sum.exposed += exposed;
      sum.failed += failed;
      addBins(sum.durations, new Map([[binOf(duration), 1]]));
      sums.set(key, sum);
      batches.add(batch);
    }
    this.database.atomically(() => {
      for (const sum of sums.values()) this.#addToSums(sum);
      this.database.run('DELETE FROM logs WHERE at < ?', [lastAt]);
      this.database.run('DELETE FROM logs WHERE at = ? AND row <= ?', [lastAt, lastRow]);
      for (const batch of batches) this.#removeTexts(batch);
      this.#capSums();
    });
  }

  #addToSums({ since, group, rows, exposed, failed, durations }: Pruned): void {
    const { durations: before } = this.database.first(
      'SELECT durations FROM daily WHERE day = ? AND group_id = ?',
      [since, group],
    );
    addBins(durations, readBins(String(before ?? '')));
    this.database.run(
      `INSERT INTO daily VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (day, group_id) DO UPDATE SET
         rows = rows + excluded.rows, tools_exposed = tools_exposed + excluded.tools_exposed,
         failed = failed + excluded.failed, durations = excluded.durations`,
      [since, group, rows, exposed, failed, writeBins(durations)],
    );
  }

  /** Removes the texts of a batch once none of its rows is left. */
  #removeTexts(batch: number): void {
    this.database.run(
      `DELETE FROM log_texts WHERE batch = ? AND NOT EXISTS (
         SELECT 1 FROM logs WHERE row BETWEEN log_texts.batch AND log_texts.batch + rows - 1)`,
      [batch],
    );
  }

  #capSums(): void {
    if (Number(this.database.first('SELECT count(*) AS rows FROM daily').rows) <= dailyRows) return;
    this.database.script(`
      DELETE FROM daily WHERE day = (SELECT min(day) FROM daily);
      DELETE FROM log_groups WHERE id NOT IN (SELECT group_id FROM logs)
        AND id NOT IN (SELECT group_id FROM daily)`);
  }
}

/** An entry and where it stands in the order of the log. */
export interface ReadEntry {
  entry: LogEntry;
  at: number;
  row: number;
}

/** @param selection the end of a SELECT FROM logs: which rows, and in which order. */
export function readEntries(
  database: Database,
  selection: string,
  values: SqlValue[],
): ReadEntry[] {
  const found = database.lists(
    `SELECT batch, start, length, at, row FROM logs ${selection}`,
    values,
  );
  const unpacked = new Map<SqlValue | undefined, Buffer>();
  return found.map(([batch = null, start, length, at, row]) => {
    const texts = unpacked.get(batch) ?? unpackTexts(textsOf(database, batch));
    unpacked.set(batch, texts);
    const text = texts.toString('utf8', Number(start), Number(start) + Number(length));
    return { entry: JSON.parse(text), at: Number(at), row: Number(row) };
  });
}

function textsOf(database: Database, batch: SqlValue): SqlValue | undefined {
  return database.first('SELECT texts FROM log_texts WHERE batch = ?', [batch]).texts;
}
