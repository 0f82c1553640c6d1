import type { LogEntry } from '../../contract/stats.ts';
import type { Log } from '../log.ts';
import { encodeRecord } from './journalRecords.ts';
import type { JournalWriter } from './journalWriter.ts';
import { reasonOf } from './storeError.ts';

/** Milliseconds; with the write itself, rows are on disk within 250. */
const flushAfter = 200;
/** So many rows are written at once: encoding them takes about a millisecond. */
const flushAt = 250;

/** Gathers log rows, so that a busy server writes some records a second and not one a call. */
export class LogBuffer {
  #rows: LogEntry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #failing = false;

  constructor(
    private readonly writer: JournalWriter,
    private readonly log: Log,
  ) {}

  append(rows: readonly LogEntry[]): void {
    for (const row of rows) this.#rows.push(row);
    if (this.#rows.length >= flushAt) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushAfter).unref();
  }

  /** Hands what is gathered to the journal. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.writer.writeLog(encodeRecord({ logs: rows })).then(
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
