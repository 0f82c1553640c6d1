import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { DatabaseClient } from './databaseClient.ts';
import { DatabaseRecovery, defaultRestartPauses } from './databaseRecovery.ts';
import { DatabaseStore } from './databaseStore.ts';
import { DatabaseThread } from './databaseThread.ts';
import { FileSecretStore } from './fileSecretStore.ts';
import { JournalWriter } from './journalWriter.ts';
import { defaultLogLimits } from './logTable.ts';
import { loadCollections } from './memoryCollections.ts';
import { Snapshots } from './snapshots.ts';
import { startDatabaseWorker } from './startDatabaseWorker.ts';
import { generationsOf } from './storageFiles.ts';
import type { Store, StoreProblem } from './store.ts';

export interface StoreOptions {
  /** The storage folder; made where it is missing. Only the holder of its lock may open it. */
  dataDir: string;
  /** Whether this process still holds the folder's lock; asked before a snapshot is put in place. */
  instanceStillOurs: () => Promise<boolean> | boolean;
  /** The built `databaseWorker.js`. */
  workerFile: string;
  /** The worker, where it was started before. */
  thread?: DatabaseThread;
  log: Log;
  /** Milliseconds before each try to start a worker again that died, before it is given up. */
  restartPauses?: readonly number[];
  /** Hears each problem once, also those found after the start. */
  onProblem?: (problem: StoreProblem) => void;
}

/**
 * Opens the data of a storage folder; an empty folder is an empty store.
 * @throws StoreError `newer_database`, `worker_failed`; the system's error for an unusable folder.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataDir, log } = options;
  const problems: StoreProblem[] = [];
  const report = (problem: StoreProblem) => {
    problems.push(problem);
    log.warning(problem.message, { code: problem.code });
    options.onProblem?.(problem);
  };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  for (const name of generationsOf(await readdir(dataDir)).leftovers) {
    await rm(join(dataDir, name), { force: true });
  }
  const secrets = await FileSecretStore.open(join(dataDir, 'secrets.json'), report);
  const { client, opened } = await DatabaseClient.start(
    { folder: dataDir, limits: defaultLogLimits, workerFile: options.workerFile, report },
    options.thread ?? new DatabaseThread(startDatabaseWorker(options.workerFile)),
  );
  const writer = new JournalWriter(
    dataDir,
    opened.generation,
    opened.schema,
    opened.journalBytes,
    (records) => client.apply(records),
  );
  const snapshots = new Snapshots({ ...options, client, writer, report, last: opened.snapshot });
  const pauses = options.restartPauses ?? defaultRestartPauses;
  const recovery = new DatabaseRecovery({ client, writer, snapshots, log, report, pauses });
  const { collections, unusable } = loadCollections(opened.records);
  const store = new DatabaseStore({
    collections,
    secrets,
    problems,
    client,
    writer,
    snapshots,
    recovery,
    log,
  });
  try {
    await store.setAside(dataDir, unusable, report);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
