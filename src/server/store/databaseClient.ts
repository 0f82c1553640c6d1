import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type {
  FromWorker,
  Opened,
  RequestKind,
  Requests,
  ToWorker,
  WorkerOptions,
} from './databaseMessages.ts';
import type { LogLimits } from './logTable.ts';
import type { StoreProblem } from './store.ts';
import { reasonOf, StoreError } from './storeError.ts';

/** Milliseconds; a snapshot on a slow disk takes seconds. */
const requestLimit = 120_000;
/** Under this id waits who started the worker. */
const opening = 0;

/**
 * The worker's garbage is what it parsed a moment ago, with buffers behind it that are large. The
 * default, 48 MB before a collection, costs the process 100 MB and makes nothing faster.
 */
const maxYoungGenerationSizeMb = 2;

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: StoreError) => void;
  timer: NodeJS.Timeout;
}

/** The server's end of the database worker. */
export class DatabaseClient {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = opening;
  #failure: StoreError | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly report: (problem: StoreProblem) => void,
  ) {
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#fail(`it failed: ${reasonOf(error)}`));
    worker.on('exit', () => this.#fail('it ended'));
  }

  /**
   * Starts the worker on a folder and waits until the database is loaded.
   * @param workerFile the built `databaseWorker.js`; `sql-wasm.wasm` stands beside it.
   */
  static async start(
    workerFile: string,
    options: Omit<WorkerOptions, 'wasmFile'>,
    report: (problem: StoreProblem) => void,
  ): Promise<{ client: DatabaseClient; opened: Opened }> {
    const wasmFile = join(dirname(workerFile), 'sql-wasm.wasm');
    const worker = new Worker(workerFile, {
      workerData: { ...options, wasmFile },
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    const client = new DatabaseClient(worker, report);
    try {
      return { client, opened: (await client.#wait(opening, 'opening')) as Opened };
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** The worker is gone: nothing is answered or applied any more. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Hands over written journal records; their memory goes with them. */
  apply(records: Buffer<ArrayBuffer>[]): void {
    this.#post(
      { type: 'apply', records },
      records.map((record) => record.buffer),
    );
  }

  setLimits(limits: Partial<LogLimits>): void {
    this.#post({ type: 'limits', limits });
  }

  /** @throws StoreError `worker_failed` where the worker refuses, is gone or takes too long. */
  request<K extends RequestKind>(
    kind: K,
    question: Requests[K]['question'],
  ): Promise<Requests[K]['answer']> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    const answer = this.#wait(id, kind);
    this.#post({ type: 'request', id, kind, question } as ToWorker);
    return answer as Promise<Requests[K]['answer']>;
  }

  async close(): Promise<void> {
    this.worker.removeAllListeners('exit');
    await this.worker.terminate();
    this.#end(failure('it was closed'));
  }

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    if (!this.#failure) this.worker.postMessage(message, transfer);
  }

  #wait(id: number, what: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#take(id)?.reject(failure(`it gave no answer (${what}) for ${requestLimit / 1000} s`));
      }, requestLimit).unref();
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'opened':
        this.#take(opening)?.resolve(message.opened);
        break;
      case 'failed':
        this.#take(opening)?.reject(
          message.code === 'newer_database'
            ? new StoreError(message.code, message.message)
            : failure(`it could not load the database: ${message.message}`),
        );
        break;
      case 'problem':
        this.report(message.problem);
        break;
      case 'answer':
        this.#take(message.id)?.resolve(message.answer);
        break;
      case 'refusal':
        this.#take(message.id)?.reject(failure(`it could not answer: ${message.message}`));
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #fail(reason: string): void {
    if (this.#failure) return;
    const error = failure(reason);
    this.#end(error);
    this.report({ code: 'worker_failed', message: error.message });
  }

  #end(error: StoreError): void {
    this.#failure = error;
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(error);
  }
}

function failure(reason: string): StoreError {
  return new StoreError(
    'worker_failed',
    `The database worker: ${reason}. Configuration is still written, but operations are not recorded; restart the server.`,
  );
}
