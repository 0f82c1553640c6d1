import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { DatabaseClient } from './databaseClient.ts';
import type { JournalWriter } from './journalWriter.ts';
import type { Snapshots } from './snapshots.ts';
import type { StoreProblem } from './store.ts';
import { reasonOf } from './storeError.ts';

/** Milliseconds before each try to start the worker again; after the last one there is no other. */
export const defaultRestartPauses: readonly number[] = [0, 1_000, 5_000, 20_000, 60_000];
/** A worker that lived this long counts as well: the next one is started at once again. */
const wellAfter = 60_000;

interface RecoveryParts {
  client: DatabaseClient;
  writer: JournalWriter;
  snapshots: Snapshots;
  log: Log;
  report: (problem: StoreProblem) => void;
  pauses: readonly number[];
}

/**
 * Starts the database worker again where it died, from the snapshot and the journals. Calls and
 * writes go on meanwhile: what is written then stands in the journals, too.
 */
export class DatabaseRecovery {
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #startedAt = performance.now();
  #tries = 0;

  constructor(private readonly parts: RecoveryParts) {
    parts.client.onDeath((reason) => {
      this.#running = this.#recover(reason.message);
    });
  }

  /** Tries no more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #recover(firstReason: string): Promise<void> {
    const { client, log, report, pauses } = this.parts;
    if (performance.now() - this.#startedAt > wellAfter) this.#tries = 0;
    let reason = firstReason;
    while (!this.#closing.signal.aborted) {
      const pause = pauses[this.#tries++];
      if (pause === undefined) {
        const { message } = client.giveUp(reason);
        return report({ code: 'worker_failed', message });
      }
      log.error('the database worker ended; it is started again', { reason, inMs: pause });
      try {
        await delay(pause, undefined, { signal: this.#closing.signal });
        await this.#restart();
        return;
      } catch (error) {
        reason = reasonOf(error);
      }
    }
  }

  async #restart(): Promise<void> {
    const { client, writer, snapshots, log } = this.parts;
    // One that was under way fails with the worker, and removes its file.
    await snapshots.settled();
    const { generation } = await writer.rotate();
    // From here on nothing comes between: the next record belongs to the journal of this number.
    const opened = await client.restart(generation);
    snapshots.loaded(opened.snapshot);
    this.#startedAt = performance.now();
    log.info('the database worker runs again');
  }
}
