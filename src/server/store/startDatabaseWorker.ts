import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from './databaseMessages.ts';

/**
 * The worker's garbage is what it parsed a moment ago, with buffers behind it that are large. The
 * default, 48 MB before a collection, costs the process 100 MB and makes nothing faster.
 */
const maxYoungGenerationSizeMb = 2;

/**
 * Starts the thread of the database, which makes itself ready and waits to be told what to open.
 * @param workerFile the built `databaseWorker.js`; `sql-wasm.wasm` stands beside it.
 */
export function startDatabaseWorker(workerFile: string): Worker {
  const workerData: WorkerOptions = { wasmFile: join(dirname(workerFile), 'sql-wasm.wasm') };
  return new Worker(workerFile, { workerData, resourceLimits: { maxYoungGenerationSizeMb } });
}
