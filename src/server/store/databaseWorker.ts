import { readFileSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { exposeCollector } from '../garbage.ts';
import type {
  FromWorker,
  OpenOptions,
  RequestKind,
  Requests,
  ToWorker,
  WorkerOptions,
} from './databaseMessages.ts';
import { type LoadedDatabase, loadDatabase } from './loadDatabase.ts';
import { queryOverview } from './logOverview.ts';
import { queryLogs, queryPage } from './logQuery.ts';
import { LogSearch } from './logSearch.ts';
import { migrations } from './migrations.ts';
import { readRecords } from './recordTables.ts';
import { writeSnapshot } from './snapshotFile.ts';
import { reasonOf, StoreError } from './storeError.ts';
import { queryToolUse } from './toolUse.ts';

/** Bytes by which the database may grow; growing copies it, and leaves the copies behind. */
const growth = 2 * 1024 * 1024;

/** The thread that holds the database: entry point of `dist/databaseWorker.js`. */
class DatabaseWorker {
  readonly #collectGarbage = exposeCollector().collect;
  readonly #search: LogSearch;
  #pruningLater = false;
  #size: number;

  constructor(
    private readonly loaded: LoadedDatabase,
    private readonly send: (message: FromWorker) => void,
  ) {
    this.#search = new LogSearch(loaded.database);
    this.#size = loaded.database.size;
    this.#collectGarbage();
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case 'open':
        return; // it is open
      case 'apply':
        this.loaded.applier.apply(message.records, 'the journal');
        this.prune();
        this.#afterGrowth();
        return;
      case 'limits':
        this.loaded.logs.setLimits(message.limits);
        this.prune();
        return;
      case 'request':
        this.#answer(message);
    }
  }

  /**
   * Prunes a portion, and goes on between messages while there is more. Each batch of rows also
   * pays its own portion, because a busy port lets nothing come between its messages.
   */
  prune(): void {
    const more = this.loaded.logs.prune(Date.now());
    if (!more || this.#pruningLater) return;
    this.#pruningLater = true;
    setImmediate(() => {
      this.#pruningLater = false;
      this.prune();
    });
  }

  #afterGrowth(): void {
    const { size } = this.loaded.database;
    if (size < this.#size + growth) return;
    this.#size = size;
    this.#collectGarbage();
  }

  #answer(request: Extract<ToWorker, { type: 'request' }>): void {
    try {
      this.send({ type: 'answer', id: request.id, answer: this.#answerTo(request) });
    } catch (error) {
      this.send({ type: 'refusal', id: request.id, message: reasonOf(error) });
    }
  }

  #answerTo(request: Extract<ToWorker, { type: 'request' }>): Requests[RequestKind]['answer'] {
    const { logs, database } = this.loaded;
    switch (request.kind) {
      case 'stats':
        return queryLogs(database, request.question, this.#search);
      case 'overview':
        return queryOverview(database, request.question, this.#search, Date.now());
      case 'page':
        return queryPage(database, request.question, this.#search);
      case 'toolUse':
        return queryToolUse(database);
      case 'log':
        return logs.get(request.question);
      case 'snapshot':
        writeSnapshot(request.question, database.export());
        // not before the copy is out of this function's hands
        setImmediate(this.#collectGarbage);
        return undefined;
    }
  }
}

/** Makes SQLite ready at once, and opens a folder when it is told which. */
class Opener {
  readonly #sql: Promise<SqlJsStatic>;
  #worker: DatabaseWorker | undefined;

  constructor(
    wasmFile: string,
    private readonly send: (message: FromWorker) => void,
  ) {
    this.#sql = initSqlJs({ wasmBinary: exactBuffer(readFileSync(wasmFile)) });
  }

  receive(message: ToWorker): void {
    if (message.type === 'open') void this.#tryToOpen(message.options);
    else this.#worker?.receive(message);
  }

  async #tryToOpen(options: OpenOptions): Promise<void> {
    try {
      await this.#open(options);
    } catch (error) {
      const newer = error instanceof StoreError && error.code === 'newer_database';
      const code = newer ? 'newer_database' : 'worker_failed';
      this.send({ type: 'failed', code, message: reasonOf(error) });
    }
  }

  async #open(options: OpenOptions): Promise<void> {
    const loaded = loadDatabase({
      ...options,
      sql: await this.#sql,
      migrations,
      report: (problem) => this.send({ type: 'problem', problem }),
    });
    const { database, generation, snapshot, journalBytes } = loaded;
    const records = readRecords(database);
    const { schema } = database;
    this.send({ type: 'opened', opened: { records, generation, snapshot, journalBytes, schema } });
    this.#worker = new DatabaseWorker(loaded, this.send);
    this.#worker.prune();
  }
}

function exactBuffer({ buffer, byteOffset, byteLength }: Buffer<ArrayBuffer>): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

function main(port: MessagePort): void {
  const { wasmFile } = workerData as WorkerOptions;
  const opener = new Opener(wasmFile, (message) => port.postMessage(message));
  // From the first moment on: a thread that listens to nothing while sql.js compiles is taken for one
  // that ends, and then waits for all compilations of the process, of which one may be waiting for
  // this thread's garbage collection.
  port.on('message', (message: ToWorker) => opener.receive(message));
}

if (parentPort) main(parentPort);
