import { rm } from 'node:fs/promises';
import { renameOver, syncFolder } from '../files.ts';
import type { Log } from '../log.ts';
import type { DatabaseClient } from './databaseClient.ts';
import type { JournalWriter } from './journalWriter.ts';
import { databaseFiles, removeBefore } from './storageFiles.ts';
import type { StoreProblem } from './store.ts';
import { reasonOf, StoreError } from './storeError.ts';

/** A snapshot is made when the journals have grown by so many bytes. */
const journalLimit = 8 * 1024 * 1024;

interface SnapshotsOptions {
  dataDir: string;
  instanceStillOurs: () => Promise<boolean> | boolean;
  client: DatabaseClient;
  writer: JournalWriter;
  log: Log;
  report: (problem: StoreProblem) => void;
  /** Generation of the snapshot that served at the start. */
  last: number | undefined;
}

/** Makes snapshots, one at a time, and removes what they make superfluous. */
export class Snapshots {
  #last: number | undefined;
  #running: Promise<void> | undefined;
  #nextAt = journalLimit;

  constructor(private readonly options: SnapshotsOptions) {
    this.#last = options.last;
  }

  /** Begins a snapshot where the journals have grown enough. */
  consider(): void {
    if (this.options.writer.bytesSinceSnapshot >= this.#nextAt) void this.make();
  }

  /** Makes a snapshot, or joins the one being made; a failure is logged, the journals keep all. */
  make(): Promise<void> {
    this.#running ??= this.#attempt().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when none is being made. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** The worker was started again, and found this snapshot to be good. */
  loaded(snapshot: number | undefined): void {
    this.#last = snapshot;
  }

  async #attempt(): Promise<void> {
    const { writer, client, log, dataDir } = this.options;
    if (!client.isReady) return;
    try {
      await this.#make();
      this.#nextAt = journalLimit;
    } catch (error) {
      this.#nextAt = writer.bytesSinceSnapshot + journalLimit;
      log.error('no snapshot could be made; the journals still hold everything', {
        folder: dataDir,
        reason: reasonOf(error),
      });
    }
  }

  async #make(): Promise<void> {
    const { dataDir, writer, client } = this.options;
    const { generation, bytes } = await writer.rotate();
    const file = databaseFiles.snapshot(dataDir, generation);
    const temporary = `${file}.tmp`;
    try {
      await client.snapshot(temporary);
      await this.#checkLock();
      await renameOver(temporary, file);
      await syncFolder(dataDir);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    writer.covered(bytes);
    // The one before stays, with its journals, until the next: should this one turn out damaged,
    // nothing is lost.
    await removeBefore(dataDir, this.#last ?? 0);
    this.#last = generation;
  }

  async #checkLock(): Promise<void> {
    if (await this.options.instanceStillOurs()) return;
    const error = new StoreError(
      'lock_lost',
      `Another vMCP server has taken over ${this.options.dataDir}; this one writes nothing more.`,
    );
    this.options.writer.refuse(error);
    this.options.report({ code: 'lock_lost', message: error.message });
    throw error;
  }
}
