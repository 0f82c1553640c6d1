import type { Log } from '../log.ts';
import type { DatabaseClient } from './databaseClient.ts';
import type { RequestKind, Requests } from './databaseMessages.ts';
import type { DatabaseRecovery } from './databaseRecovery.ts';
import { encodeRecord } from './journalRecords.ts';
import type { JournalWriter } from './journalWriter.ts';
import { LogBuffer } from './logBuffer.ts';
import { applyToMemory, type MemoryCollections, type UnusableRecord } from './memoryCollections.ts';
import type { Change } from './records.ts';
import type { SecretStore } from './secretStore.ts';
import { setAside } from './setAside.ts';
import type { Snapshots } from './snapshots.ts';
import type { LogStore, Store, StoreProblem } from './store.ts';

interface StoreParts {
  collections: MemoryCollections;
  secrets: SecretStore;
  problems: readonly StoreProblem[];
  client: DatabaseClient;
  writer: JournalWriter;
  snapshots: Snapshots;
  recovery: DatabaseRecovery;
  log: Log;
}

/** Objects in this thread, a journal on the disk, the database in a worker behind them. */
export class DatabaseStore implements Store {
  readonly collections: MemoryCollections;
  readonly secrets: SecretStore;
  readonly problems: readonly StoreProblem[];
  readonly logs: LogStore;
  readonly #buffer: LogBuffer;
  #closing: Promise<void> | undefined;

  constructor(private readonly parts: StoreParts) {
    const { client } = parts;
    this.collections = parts.collections;
    this.secrets = parts.secrets;
    this.problems = parts.problems;
    this.#buffer = new LogBuffer(parts.writer, parts.log);
    this.logs = {
      append: (rows) => this.#appendLogs(rows),
      query: async (query) => {
        const { stats, logs, pagination } = await this.#ask('stats', query);
        return { ...stats, logs, pagination };
      },
      overview: (filter) => this.#ask('overview', filter),
      page: (query) => this.#ask('page', query),
      toolUse: () => this.#ask('toolUse', undefined),
      get: (logId) => this.#ask('log', logId),
      setLimits: (limits) => client.setLimits(limits),
    };
  }

  async commit(changes: readonly Change[]): Promise<void> {
    const { writer, snapshots } = this.parts;
    writer.check();
    if (changes.length === 0) return;
    const record = encodeRecord({ changes });
    await writer.write(record, applyToMemory(this.collections, changes));
    snapshots.consider();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Moves records that cannot be used out of the database into a file, and reports them. */
  async setAside(
    folder: string,
    records: readonly UnusableRecord[],
    report: (problem: StoreProblem) => void,
  ): Promise<void> {
    for (const { collection, id, body, reason } of records) {
      const file = setAside(folder, `record ${id} of ${collection}`, reason, body);
      report({
        code: 'record_set_aside',
        message: `The stored record ${id} of ${collection} is not usable (${reason}). It was kept in ${file}; everything else is in place.`,
      });
      await this.commit([{ collection, delete: id } as Change]);
    }
  }

  /** The log's answer, which counts all rows that were appended before. */
  async #ask<K extends Exclude<RequestKind, 'snapshot'>>(
    kind: K,
    question: Requests[K]['question'],
  ): Promise<Requests[K]['answer']> {
    await this.#buffer.flush();
    return await this.parts.client.request(kind, question);
  }

  #appendLogs(rows: Parameters<LogStore['append']>[0]): void {
    // Without the worker nothing would ever shorten the journal.
    if (this.parts.client.failed) return;
    this.#buffer.append(rows);
    this.parts.snapshots.consider();
  }

  async #close(): Promise<void> {
    const { writer, snapshots, recovery, client } = this.parts;
    await recovery.close();
    await this.#buffer.flush();
    await writer.close();
    if (writer.bytesSinceSnapshot > 0) await snapshots.make();
    await client.close();
  }
}
