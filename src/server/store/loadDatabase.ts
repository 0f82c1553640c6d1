import { copyFileSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { fileTimestamp } from '../files.ts';
import { Database } from './database.ts';
import type { OpenOptions } from './databaseMessages.ts';
import { type LoadedJournal, loadJournal, RecordApplier } from './journalReplay.ts';
import type { LogTable } from './logTable.ts';
import { type Migration, migrate } from './migrations.ts';
import { readSnapshot } from './snapshotFile.ts';
import { databaseFiles, generationsOf } from './storageFiles.ts';
import type { StoreProblem } from './store.ts';
import { StoreError } from './storeError.ts';

export interface LoadedDatabase {
  database: Database;
  applier: RecordApplier;
  logs: LogTable;
  /** Of the first journal to write. */
  generation: number;
  /** The snapshot that serves; undefined where there is none. */
  snapshot: number | undefined;
  /** Length of the journals that were replayed. */
  journalBytes: number;
}

interface LoadOptions extends OpenOptions {
  sql: SqlJsStatic;
  migrations: readonly Migration[];
  report: (problem: StoreProblem) => void;
}

/**
 * Builds the database of a folder: the newest undamaged snapshot, then the journals from its
 * number on, each replayed in the schema in which it was written, then the newest schema and the log's rows.
 * Damaged parts are moved or set aside and reported. For the worker: it blocks.
 * @throws StoreError `newer_database` where a newer version of the program wrote the folder.
 */
export function loadDatabase(options: LoadOptions): LoadedDatabase {
  const { folder, migrations, limits, report, before = Number.POSITIVE_INFINITY } = options;
  const found = generationsOf(readdirSync(folder));
  const { database, snapshot } = loadSnapshot(options, found.snapshots);
  const journals = found.journals
    .filter((generation) => generation >= (snapshot ?? 0) && generation < before)
    .map((generation) => loadJournal(databaseFiles.journal(folder, generation)));
  const schemas = journals.map((journal) => journal.schema ?? 0);
  refuseNewer(folder, Math.max(database.schema, ...schemas), migrations.length);
  keepOldSchema(folder, snapshot, database.schema, migrations.length);

  // Without a snapshot the first journal's schema is where the database begins.
  migrate(database, migrations, Math.max(database.schema, schemas[0] ?? 0, 1));
  const applier = new RecordApplier(folder, database, report);
  for (const journal of journals) {
    migrate(database, migrations, journal.schema ?? database.schema);
    replay(applier, journal, report);
  }
  migrate(database, migrations, migrations.length);
  return {
    database,
    applier,
    logs: applier.openLogs(limits),
    generation: Math.max(snapshot ?? 0, (found.journals.at(-1) ?? -1) + 1),
    snapshot,
    journalBytes: journals.reduce((sum, journal) => sum + journal.bytes, 0),
  };
}

function loadSnapshot(
  { sql, folder, report }: LoadOptions,
  generations: readonly number[],
): Pick<LoadedDatabase, 'database' | 'snapshot'> {
  for (const snapshot of generations.toReversed()) {
    const file = databaseFiles.snapshot(folder, snapshot);
    const content = readSnapshot(file);
    const database = content && openDatabase(sql, content);
    if (database) return { database, snapshot };
    const kept = join(folder, `damaged-${fileTimestamp()}-${basename(file)}`);
    renameSync(file, kept);
    report({
      code: 'database_damaged',
      message: `The database file ${file} is damaged. It was moved to ${kept}; the last good one and the journals after it are used instead.`,
    });
  }
  return { database: new Database(sql), snapshot: undefined };
}

function openDatabase(sql: SqlJsStatic, content: Uint8Array): Database | undefined {
  const database = new Database(sql, content);
  try {
    // The first read of a file that is no database throws.
    return database.schema >= 1 ? database : undefined;
  } catch {
    database.close();
    return undefined;
  }
}

function replay(
  applier: RecordApplier,
  journal: LoadedJournal,
  report: (problem: StoreProblem) => void,
): void {
  for (const damaged of journal.damaged) {
    applier.setAside(journal.file, 'its bytes are damaged', damaged.toString('base64'));
  }
  applier.apply(journal.records, journal.file);
  if (journal.tornBytes > 0) {
    report({
      code: 'journal_torn',
      message: `The last write to ${journal.file} was cut off (${journal.tornBytes} bytes) and was left out; it had never been confirmed.`,
    });
  }
}

function refuseNewer(folder: string, schema: number, newest: number): void {
  if (schema <= newest) return;
  throw new StoreError(
    'newer_database',
    `The data in ${folder} was written by a newer version of vMCP (schema ${schema}, this version knows ${newest}). Update vMCP, or use another data folder.`,
  );
}

function keepOldSchema(
  folder: string,
  snapshot: number | undefined,
  schema: number,
  newest: number,
): void {
  if (snapshot === undefined || schema === newest) return;
  const file = databaseFiles.snapshot(folder, snapshot);
  copyFileSync(file, join(folder, `schema-${schema}-${basename(file)}`));
}
