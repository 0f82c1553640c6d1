import type {
  LogEntry,
  LogPageQuery,
  StatsFilter,
  StatsOverview,
  StatsQuery,
} from '../../contract/stats.ts';
import type { LogPage, LogStats } from './logQuery.ts';
import type { LogLimits } from './logTable.ts';
import type { StoredRecords } from './recordTables.ts';
import type { StoreProblem } from './store.ts';
import type { ToolUse } from './toolUse.ts';

/** What the server's thread and the database worker say to each other. */

/** What the worker gets with its start: enough to make SQLite ready before there is a folder to open. */
export interface WorkerOptions {
  /** The WebAssembly part of sql.js. */
  wasmFile: string;
}

export interface OpenOptions {
  folder: string;
  limits: LogLimits;
  /** Journals from this generation on are left out: their records are handed over instead. */
  before?: number;
}

/** First answer of the worker: the folder's content. */
export interface Opened {
  records: StoredRecords;
  generation: number;
  snapshot: number | undefined;
  journalBytes: number;
  schema: number;
}

/** Questions and their answers. */
export interface Requests {
  stats: { question: StatsQuery; answer: LogStats };
  overview: { question: StatsFilter; answer: StatsOverview };
  page: { question: LogPageQuery; answer: LogPage };
  toolUse: { question: undefined; answer: ToolUse };
  log: { question: string; answer: LogEntry | undefined };
  /** Writes the database to this file. */
  snapshot: { question: string; answer: undefined };
}
export type RequestKind = keyof Requests;

export type ToWorker =
  | { type: 'open'; options: OpenOptions }
  | { type: 'apply'; records: Uint8Array[] }
  | { type: 'limits'; limits: Partial<LogLimits> }
  | {
      [K in RequestKind]: {
        type: 'request';
        id: number;
        kind: K;
        question: Requests[K]['question'];
      };
    }[RequestKind];

export type FromWorker =
  | { type: 'opened'; opened: Opened }
  | { type: 'failed'; code: 'newer_database' | 'worker_failed'; message: string }
  | { type: 'problem'; problem: StoreProblem }
  | { type: 'answer'; id: number; answer: unknown }
  | { type: 'refusal'; id: number; message: string };
