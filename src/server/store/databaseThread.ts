import type { Worker } from 'node:worker_threads';
import type {
  FromWorker,
  Opened,
  OpenOptions,
  RequestKind,
  Requests,
  ToWorker,
} from './databaseMessages.ts';
import type { LogLimits } from './logTable.ts';
import type { StoreProblem } from './store.ts';
import { reasonOf, StoreError } from './storeError.ts';

/** Milliseconds; a snapshot on a slow disk takes seconds. */
const requestLimit = 120_000;
/** Under this id waits who opens the folder. */
const opening = 0;

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: StoreError) => void;
  timer: NodeJS.Timeout;
}

/** The server's end of one database worker, from its start to its end. */
export class DatabaseThread {
  /** Resolves once the worker is gone, with the reason. */
  readonly ended: Promise<StoreError>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = opening;
  #failure: StoreError | undefined;
  #tellEnd: (reason: StoreError) => void = () => undefined;
  #report: (problem: StoreProblem) => void = () => undefined;

  /** @param worker one that `startDatabaseWorker` has just started */
  constructor(private readonly worker: Worker) {
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#end(`it failed: ${reasonOf(error)}`));
    worker.on('exit', () => this.#end('it ended'));
  }

  /**
   * Waits until the database of a folder is loaded.
   * @param report hears of what is found damaged, then and later
   * @throws StoreError
   */
  open(options: OpenOptions, report: (problem: StoreProblem) => void): Promise<Opened> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#report = report;
    const opened = this.#wait(opening, 'opening');
    this.#post({ type: 'open', options });
    return opened as Promise<Opened>;
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
    this.#end('it was closed');
    await this.worker.terminate();
  }

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    if (!this.#failure) this.worker.postMessage(message, transfer);
  }

  #wait(id: number, what: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#take(id)?.reject(
          workerFailed(`it gave no answer (${what}) for ${requestLimit / 1000} s`),
        );
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
            : workerFailed(`it could not load the database: ${message.message}`),
        );
        break;
      case 'problem':
        this.#report(message.problem);
        break;
      case 'answer':
        this.#take(message.id)?.resolve(message.answer);
        break;
      case 'refusal':
        this.#take(message.id)?.reject(workerFailed(`it could not answer: ${message.message}`));
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #end(reason: string): void {
    if (this.#failure) return;
    const error = workerFailed(reason);
    this.#failure = error;
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(error);
    this.#tellEnd(error);
  }
}

function workerFailed(reason: string): StoreError {
  return new StoreError('worker_failed', `The database worker: ${reason}.`);
}
