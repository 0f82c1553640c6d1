import { JournalFile } from './journalFile.ts';
import { databaseFiles } from './storageFiles.ts';
import { reasonOf, StoreError } from './storeError.ts';

interface Entry {
  record: Buffer<ArrayBuffer>;
  /** Takes a configuration write back; log rows have none. */
  undo: (() => void) | undefined;
  resolve: () => void;
  reject: (error: StoreError) => void;
}

/**
 * Writes the journals, one batch after the other: what arrives while a batch is on its way to
 * the disk goes together in the next one.
 */
export class JournalWriter {
  readonly #queue: Entry[] = [];
  #file: JournalFile | undefined;
  #running: Promise<void> | undefined;
  /** Work that must stand between two batches. */
  #between: (() => Promise<void>)[] = [];
  #refusal: StoreError | undefined;
  /** Bytes in journals that are finished but not yet covered by a snapshot. */
  #finishedBytes: number;

  /**
   * @param generation number of the first journal; it is created with its first record.
   * @param onWritten gets the records of each batch in order, and owns them from then on.
   */
  constructor(
    private readonly folder: string,
    private generation: number,
    private readonly schema: number,
    bytesSinceSnapshot: number,
    private readonly onWritten: (records: Buffer<ArrayBuffer>[]) => void,
  ) {
    this.#finishedBytes = bytesSinceSnapshot;
  }

  /** Bytes of all journals that the last snapshot does not cover. */
  get bytesSinceSnapshot(): number {
    return this.#finishedBytes + (this.#file?.length ?? 0);
  }

  /**
   * Appends a configuration write; durable when the promise resolves.
   * @param undo called before the promise rejects, the latest write first, together with that of
   * every write that was made after the failed one and may build on it.
   */
  write(record: Buffer<ArrayBuffer>, undo: () => void): Promise<void> {
    return this.#enqueue(record, undo);
  }

  /**
   * Appends log rows; resolves when the operating system has them. Rows that could not be written
   * still go to the database, and on disk with its next snapshot.
   */
  writeLog(record: Buffer<ArrayBuffer>): Promise<void> {
    return this.#refusal ? Promise.reject(this.#refusal) : this.#enqueue(record, undefined);
  }

  /** @throws StoreError at once where the writer was told to refuse. */
  check(): void {
    if (this.#refusal) throw this.#refusal;
  }

  /** Refuses all later writes with this error. */
  refuse(error: StoreError): void {
    this.#refusal ??= error;
  }

  /**
   * Ends the current journal between two batches; later records go to the next one.
   * @returns the next one's generation, that of a snapshot made of all records before, and how
   * many bytes of journals that snapshot makes superfluous.
   */
  async rotate(): Promise<{ generation: number; bytes: number }> {
    return await new Promise((resolve, reject) => {
      this.#between.push(async () => {
        try {
          resolve(await this.#finishFile());
        } catch (error) {
          reject(error);
        }
      });
      this.#run();
    });
  }

  /** Tells that a snapshot was made of what `rotate` counted. */
  covered(bytes: number): void {
    this.#finishedBytes -= bytes;
  }

  /** Writes what is queued, then refuses. */
  async close(): Promise<void> {
    this.refuse(new StoreError('closed', 'The store is closed; nothing can be written any more.'));
    await this.rotate();
  }

  #enqueue(record: Buffer<ArrayBuffer>, undo: (() => void) | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ record, undo, resolve, reject });
      this.#run();
    });
  }

  #run(): void {
    this.#running ??= this.#loop();
  }

  async #loop(): Promise<void> {
    // Writes of the same turn of the event loop join the first batch.
    await Promise.resolve();
    while (this.#queue.length > 0 || this.#between.length > 0) {
      if (this.#queue.length > 0) await this.#writeBatch(this.#queue.splice(0));
      for (const step of this.#between.splice(0)) await step();
    }
    this.#running = undefined;
  }

  async #writeBatch(batch: Entry[]): Promise<void> {
    const durable = batch.some((entry) => entry.undo);
    try {
      this.#file ??= await JournalFile.create(
        databaseFiles.journal(this.folder, this.generation),
        this.schema,
      );
      await this.#file.append(
        batch.map((entry) => entry.record),
        durable,
      );
    } catch (error) {
      this.#fail(batch, error);
      return;
    }
    this.onWritten(batch.map((entry) => entry.record));
    for (const entry of batch) entry.resolve();
  }

  #fail(batch: Entry[], cause: unknown): void {
    // Writes queued since then were made on top of the failed ones, so they fail with them.
    const failed = [...batch, ...this.#queue.splice(0)];
    const error = new StoreError(
      'write_failed',
      `The change could not be written to ${this.folder}: ${reasonOf(cause)}. Nothing was changed; free some space or check the folder's permissions, and try again.`,
      { cause },
    );
    for (const entry of failed.toReversed()) entry.undo?.();
    const logRows = failed.filter((entry) => !entry.undo).map((entry) => entry.record);
    if (logRows.length > 0) this.onWritten(logRows);
    for (const entry of failed) entry.reject(error);
  }

  async #finishFile(): Promise<{ generation: number; bytes: number }> {
    const file = this.#file;
    if (file) {
      this.#file = undefined;
      this.generation += 1;
      this.#finishedBytes += file.length;
      await file.close();
    }
    return { generation: this.generation, bytes: this.#finishedBytes };
  }
}
