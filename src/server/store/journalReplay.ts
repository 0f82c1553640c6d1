import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { LogEntry } from '../../contract/stats.ts';
import type { Database } from './database.ts';
import { journalHeaderSchema } from './journalFile.ts';
import { payloadOf, readJournal } from './journalRecords.ts';
import { type LogLimits, LogTable } from './logTable.ts';
import { applyChanges } from './recordTables.ts';
import { setAside } from './setAside.ts';
import type { StoreProblem } from './store.ts';
import { reasonOf } from './storeError.ts';

/** Applies journal records to the database; what cannot be applied is set aside and told. */
export class RecordApplier {
  readonly logs: LogTable;

  constructor(
    private readonly folder: string,
    private readonly database: Database,
    limits: LogLimits,
    private readonly report: (problem: StoreProblem) => void,
  ) {
    this.logs = new LogTable(database, limits);
  }

  /** @param source file that the records come from, for messages. */
  apply(records: readonly Uint8Array[], source: string): void {
    this.database.atomically(() => {
      for (const record of records) this.#applyOne(record, source);
    });
  }

  #applyOne(record: Uint8Array, source: string): void {
    const payload = payloadOf(record);
    try {
      const content: unknown = JSON.parse(payload);
      if (!isJsonObject(content)) throw new Error('it is not an object');
      this.database.atomically(() => this.#applyContent(content));
    } catch (error) {
      this.setAside(source, reasonOf(error), payload);
    }
  }

  #applyContent(content: JsonObject): void {
    const { changes, logs } = content;
    if (Array.isArray(changes)) applyChanges(this.database, changes);
    // Rows were cut and shaped by the code that records them; SQLite refuses what lacks a column.
    else if (Array.isArray(logs)) this.logs.insert(logs as LogEntry[]);
    else throw new Error('it holds neither changes nor log rows');
  }

  setAside(source: string, reason: string, content: string): void {
    const file = setAside(this.folder, `record of ${source}`, reason, content);
    this.report({
      code: 'record_set_aside',
      message: `A stored change could not be applied (${reason}). It was kept in ${file}; everything else is in place.`,
    });
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

function parseHeader(payload: string): { schema: number } | undefined {
  try {
    return journalHeaderSchema.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}
