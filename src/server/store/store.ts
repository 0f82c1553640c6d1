import type {
  LogEntry,
  LogPageQuery,
  StatsBody,
  StatsFilter,
  StatsOverview,
  StatsQuery,
} from '../../contract/stats.ts';
import type { LogPage } from './logQuery.ts';
import type { LogRow } from './logRecord.ts';
import type { Change, CollectionName, Collections } from './records.ts';
import type { SecretStore } from './secretStore.ts';
import type { ToolUse } from './toolUse.ts';

/** Records of one kind as plain objects in this thread; treat them as immutable. */
export interface Collection<T> {
  get(id: string): Readonly<T> | undefined;
  all(): Iterable<Readonly<T>>;
  readonly size: number;
}

/**
 * Something found damaged and moved or set aside, or a part that no longer works, in words for
 * the user.
 */
export interface StoreProblem {
  code:
    | 'database_damaged'
    | 'journal_torn'
    | 'record_set_aside'
    | 'secrets_damaged'
    | 'lock_lost'
    | 'worker_failed';
  message: string;
}

/** The configuration, the secrets and the log of one storage folder. */
export interface Store {
  readonly collections: { readonly [K in CollectionName]: Collection<Collections[K]> };
  readonly secrets: SecretStore;
  readonly logs: LogStore;
  readonly problems: readonly StoreProblem[];

  /**
   * Writes all changes or none. They are visible in the collections at once and durable when the
   * promise resolves.
   * @throws StoreError where the journal cannot be written; the collections are then as before.
   */
  commit(changes: readonly Change[]): Promise<void>;

  /** Flushes the log, writes a snapshot and ends the worker. */
  close(): Promise<void>;
}

/** Recorded operations, in the database worker. Every answer counts all rows that were appended before. */
export interface LogStore {
  /** Takes rows without waiting; they are on disk within 250 ms. */
  append(rows: readonly LogRow[]): void;
  query(
    query: StatsQuery,
  ): Promise<Omit<StatsBody['stats'], 'total_vmcps'> & Pick<StatsBody, 'logs' | 'pagination'>>;
  overview(filter: StatsFilter): Promise<StatsOverview>;
  page(query: LogPageQuery): Promise<LogPage>;
  toolUse(): Promise<ToolUse>;
  get(logId: string): Promise<LogEntry | undefined>;
  /** Changes the caps; rows beyond them go soon. */
  setLimits(limits: { rows?: number; days?: number }): void;
}
