import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import { isJsonObject } from '../../contract/json.ts';
import { logEntrySchema } from '../../contract/stats.ts';
import type { Database } from './database.ts';
import { journalHeaderSchema } from './journalFile.ts';
import { payloadOf, readJournal } from './journalRecords.ts';
import { LogPayload, type LogRecord, logRowOf, readLogPayload } from './logRecord.ts';
import { type LogLimits, LogTable } from './logTable.ts';
import { applyChanges } from './recordTables.ts';
import { setAside } from './setAside.ts';
import type { StoreProblem } from './store.ts';
import { reasonOf } from './storeError.ts';

/** Log rows as journals of the first two schemas hold them. */
const oldLogsSchema = z.object({ logs: z.array(logEntrySchema) });

interface WaitingLogs {
  logs: LogRecord;
  record: Uint8Array;
  source: string;
}

/** Applies journal records to the database; what cannot be applied is set aside and told. */
export class RecordApplier {
  #logs: LogTable | undefined;
  #waiting: WaitingLogs[] = [];

  constructor(
    private readonly folder: string,
    private readonly database: Database,
    private readonly report: (problem: StoreProblem) => void,
  ) {}

  /** @param source file that the records come from, for messages. */
  apply(records: readonly Uint8Array[], source: string): void {
    this.database.atomically(() => {
      for (const record of records) {
        this.#orSetAside(record, source, () => this.#applyOne(record, source));
      }
    });
  }

  /**
   * Opens the log and applies the rows that waited for it. Rows of all schemas are for the newest
   * tables only, so this comes after all migrations.
   */
  openLogs(limits: LogLimits): LogTable {
    const table = new LogTable(this.database, limits);
    this.#logs = table;
    this.database.atomically(() => {
      for (const { logs, record, source } of this.#waiting) {
        this.#orSetAside(record, source, () => table.insert(logs));
      }
    });
    this.#waiting = [];
    return table;
  }

  setAside(source: string, reason: string, content: string): void {
    const file = setAside(this.folder, `record of ${source}`, reason, content);
    this.report({
      code: 'record_set_aside',
      message: `A stored change could not be applied (${reason}). It was kept in ${file}; everything else is in place.`,
    });
  }

  #orSetAside(record: Uint8Array, source: string, work: () => void): void {
    try {
      this.database.atomically(work);
    } catch (error) {
      this.setAside(source, reasonOf(error), payloadOf(record).toString());
    }
  }

  #applyOne(record: Uint8Array, source: string): void {
    const payload = payloadOf(record);
    const logs = readLogPayload(payload) ?? this.#applyChanges(payload);
    if (!logs) return;
    if (this.#logs) this.#logs.insert(logs);
    else this.#waiting.push({ logs, record, source });
  }

  /** @returns log rows, where the record holds those and no changes. */
  #applyChanges(payload: Buffer): LogRecord | undefined {
    const content: unknown = JSON.parse(payload.toString());
    if (!isJsonObject(content)) throw new Error('it is not an object');
    if (Array.isArray(content.changes)) {
      applyChanges(this.database, content.changes);
      return undefined;
    }
    const old = oldLogsSchema.safeParse(content);
    if (!old.success) throw new Error('it holds neither changes nor whole log rows');
    const rows = new LogPayload();
    for (const entry of old.data.logs) rows.add(logRowOf(entry));
    return readLogPayload(rows.take());
  }
}

/** One journal taken apart: in which schema it is written, and its records. */
export interface LoadedJournal {
  file: string;
  /** Undefined where its first record is missing or damaged. */
  schema: number | undefined;
  records: Buffer[];
  damaged: Buffer[];
  tornBytes: number;
  bytes: number;
}

/** @throws the system's error where the file cannot be read. */
export function loadJournal(file: string): LoadedJournal {
  const content = readFileSync(file);
  const { records, damaged, tornBytes } = readJournal(content);
  const header = records[0] && parseHeader(payloadOf(records[0]));
  return {
    file: basename(file),
    schema: header?.schema,
    records: header ? records.slice(1) : records,
    damaged,
    tornBytes,
    bytes: content.length,
  };
}

function parseHeader(payload: Buffer): { schema: number } | undefined {
  try {
    return journalHeaderSchema.safeParse(JSON.parse(payload.toString())).data;
  } catch {
    return undefined;
  }
}
