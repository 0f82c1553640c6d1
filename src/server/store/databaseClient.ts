import type { Opened, OpenOptions, RequestKind, Requests } from './databaseMessages.ts';
import { DatabaseThread } from './databaseThread.ts';
import type { LogLimits } from './logTable.ts';
import { startDatabaseWorker } from './startDatabaseWorker.ts';
import type { StoreProblem } from './store.ts';
import { StoreError } from './storeError.ts';

export interface DatabaseClientOptions {
  folder: string;
  limits: LogLimits;
  /** The built `databaseWorker.js`. */
  workerFile: string;
  report: (problem: StoreProblem) => void;
}

/** The database as the server's thread sees it: the worker that runs, and the one after it. */
export class DatabaseClient {
  #thread: DatabaseThread | undefined;
  /** Settles when there is a worker again, or never will be. */
  #next: Deferred<DatabaseThread> | undefined;
  /** Records that belong to no journal that the starting worker reads. */
  #held: Buffer<ArrayBuffer>[] | undefined;
  #limits: LogLimits;
  #failure: StoreError | undefined;
  #onDeath: (reason: StoreError) => void = () => undefined;

  private constructor(private readonly options: DatabaseClientOptions) {
    this.#limits = options.limits;
  }

  /**
   * Waits until the database is loaded.
   * @param thread one that has just been started
   */
  static async start(
    options: DatabaseClientOptions,
    thread: DatabaseThread,
  ): Promise<{ client: DatabaseClient; opened: Opened }> {
    const client = new DatabaseClient(options);
    return { client, opened: await client.#open(thread) };
  }

  /** Calls `listener` each time the worker dies; it is to call `restart` or `giveUp`. */
  onDeath(listener: (reason: StoreError) => void): void {
    this.#onDeath = listener;
  }

  /** There is no worker, and there will be none. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** A worker runs right now. */
  get isReady(): boolean {
    return this.#thread !== undefined;
  }

  /** Hands over written journal records, which a worker that starts later finds in the journals. */
  apply(records: Buffer<ArrayBuffer>[]): void {
    if (this.#thread) this.#thread.apply(records);
    else this.#held?.push(...records);
  }

  setLimits(limits: Partial<LogLimits>): void {
    this.#limits = { ...this.#limits, ...limits };
    this.#thread?.setLimits(limits);
  }

  /**
   * Asks the worker; waits for the next one while there is none.
   * @throws StoreError `worker_failed` where it refuses, dies, takes too long or will not come.
   */
  async request<K extends Exclude<RequestKind, 'snapshot'>>(
    kind: K,
    question: Requests[K]['question'],
  ): Promise<Requests[K]['answer']> {
    if (this.#failure) throw this.#failure;
    const thread = this.#thread ?? (await this.#next?.promise);
    if (!thread) throw new StoreError('worker_failed', notThere);
    return thread.request(kind, question);
  }

  /** Writes what has been handed over so far to a file; only the worker that runs now can. */
  async snapshot(file: string): Promise<void> {
    if (!this.#thread) throw this.#failure ?? new StoreError('worker_failed', notThere);
    await this.#thread.request('snapshot', file);
  }

  /**
   * Starts a worker in the place of the dead one.
   * @param before the journal that records handed over from now on belong to; it and later ones are
   * not read.
   */
  async restart(before: number): Promise<Opened> {
    const held: Buffer<ArrayBuffer>[] = [];
    this.#held = held;
    try {
      const thread = new DatabaseThread(startDatabaseWorker(this.options.workerFile));
      return await this.#open(thread, before, held);
    } finally {
      this.#held = undefined;
    }
  }

  /** No worker will come: `reason` says why the last one went. */
  giveUp(reason: string): StoreError {
    const text = `${reason} Configuration is still written, but operations are not recorded; restart the server.`;
    return this.#fail(new StoreError('worker_failed', text));
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#fail(new StoreError('closed', 'The store is closed.'));
    await thread?.close();
  }

  async #open(
    thread: DatabaseThread,
    before?: number,
    held: Buffer<ArrayBuffer>[] = [],
  ): Promise<Opened> {
    const { folder, report } = this.options;
    try {
      const options: OpenOptions = { folder, limits: this.#limits };
      if (before !== undefined) options.before = before;
      const opened = await thread.open(options, report);
      if (this.#failure) throw this.#failure; // closed meanwhile
      this.#use(thread, held);
      return opened;
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  #use(thread: DatabaseThread, held: Buffer<ArrayBuffer>[]): void {
    if (held.length > 0) thread.apply(held);
    thread.setLimits(this.#limits); // they may have changed since it was opened
    this.#thread = thread;
    this.#next?.resolve(thread);
    this.#next = undefined;
    void thread.ended.then((reason) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#next = defer();
      this.#onDeath(reason);
    });
  }

  #fail(failure: StoreError): StoreError {
    this.#failure ??= failure;
    this.#next?.reject(this.#failure);
    this.#next = undefined;
    return this.#failure;
  }
}

const notThere = 'The database worker ended and is being started again. Try again in a moment.';

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function defer<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => undefined;
  let reject: Deferred<T>['reject'] = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => undefined); // nobody may be waiting
  return { promise, resolve, reject };
}
