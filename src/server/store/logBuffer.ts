import type { Log } from '../log.ts';
import { encodePayload } from './journalRecords.ts';
import type { JournalWriter } from './journalWriter.ts';
import { LogPayload, type LogRow } from './logRecord.ts';
import { reasonOf } from './storeError.ts';

/** Milliseconds; with the write itself, and writes of configuration before it, rows are on disk within 250. */
const flushAfter = 100;
/** So many rows, or texts of this length together, are written at once: that takes below a millisecond. */
const flushAt = { rows: 250, length: 256 * 1024 };

/** Gathers log rows, so that a busy server writes some records a second and not one a call. */
export class LogBuffer {
  readonly #payload = new LogPayload();
  #timer: NodeJS.Timeout | undefined;
  #failing = false;
  #written: Promise<void> = Promise.resolve();

  constructor(
    private readonly writer: JournalWriter,
    private readonly log: Log,
  ) {}

  append(rows: readonly LogRow[]): void {
    for (const row of rows) {
      this.#payload.add(row);
      if (this.#payload.length >= flushAt.length) this.#write();
    }
    if (this.#payload.rows >= flushAt.rows) this.#write();
    else if (this.#payload.rows > 0) this.#timer ??= this.#later();
  }

  /**
   * Hands what is gathered to the journal.
   * @returns settles when all rows so far have gone on to the database; it never rejects.
   */
  flush(): Promise<void> {
    if (this.#payload.rows > 0) this.#write();
    return this.#written;
  }

  #later(): NodeJS.Timeout {
    return setTimeout(() => this.#write(), flushAfter).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#written = this.writer.writeLog(encodePayload(this.#payload.take())).then(
      () => {
        this.#failing = false;
      },
      (error: unknown) => this.#tell(error),
    );
  }

  /** Once, until it works again: a full disk would fill the log with it. */
  #tell(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.log.error('rows of the log could not be written to the journal', {
      reason: reasonOf(error),
    });
  }
}
