import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../contract/json.ts';
import { NotFoundError } from '../appErrors.ts';
import type { EventBus } from '../events.ts';
import type { LogRow } from '../store/logRecord.ts';
import type { SecretStore } from '../store/secretStore.ts';
import type { LogStore } from '../store/store.ts';
import type { Activity, Operation, StartedOperation } from './activity.ts';
import { ActivityFeed } from './activityFeed.ts';
import { loggedConfig, operationRow } from './operationRow.ts';
import { Redactor } from './redactor.ts';

/** Milliseconds between batches; the store itself gathers rows, and both together may take 250. */
const batchInterval = 25;
/** So many waiting operations begin a batch at once, since their results are held in memory. */
const maxWaiting = 500;
/** Rows shaped in one go; between two goes the calls have their turn. */
const sliceSize = 50;

export interface ActivityLogDependencies {
  logs: LogStore;
  secrets: SecretStore;
  events: EventBus;
  /** `active_config` with secrets masked. @throws NotFoundError where the vMCP is gone */
  maskedConfig(vmcpId: string): JsonObject;
}

/** Shapes finished operations into log rows, in batches and in small slices, and stores them. */
export class ActivityLog implements Activity {
  readonly #redactor: Redactor;
  readonly #run = randomBytes(12).toString('hex');
  #lastId = 0;
  #waiting: Operation[] = [];
  #timer: NodeJS.Timeout | undefined;
  #slice: NodeJS.Immediate | undefined;
  #recorded = 0;
  #isClosed = false;

  /** What windows hear of it. */
  readonly feed: ActivityFeed;

  constructor(private readonly dependencies: ActivityLogDependencies) {
    this.#redactor = new Redactor(dependencies.secrets, dependencies.events);
    this.feed = new ActivityFeed(dependencies.events, this.#redactor);
  }

  begin(operation: StartedOperation): number {
    return this.feed.begin(operation);
  }

  record(operation: Operation, begun: number): void {
    this.feed.end(begun);
    if (this.#isClosed) return;
    this.#waiting.push(operation);
    if (this.#slice) return;
    if (this.#waiting.length >= maxWaiting) this.#nextSlice();
    else this.#timer ??= setTimeout(() => this.#shapeSlice(), batchInterval).unref();
  }

  /** Hands everything recorded so far to the store. */
  flush(): void {
    this.#shape(this.#waiting.length);
  }

  /** Flushes and stops; what is recorded later is dropped. */
  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
    this.feed.close();
    this.#redactor.close();
  }

  #nextSlice(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#slice = setImmediate(() => this.#shapeSlice());
  }

  #shapeSlice(): void {
    this.#slice = undefined;
    this.#shape(sliceSize);
    if (this.#waiting.length > 0) this.#nextSlice();
  }

  #shape(count: number): void {
    const operations = this.#waiting.splice(0, count);
    if (operations.length > 0) {
      const rows = this.#rows(operations);
      this.dependencies.logs.append(rows);
      this.feed.finished(rows);
    }
    this.#recorded += operations.length;
    if (this.#waiting.length > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#slice) clearImmediate(this.#slice);
    this.#slice = undefined;
    if (this.#recorded === 0) return;
    this.dependencies.events.publish({ type: 'activity.recorded', count: this.#recorded });
    this.#recorded = 0;
  }

  #rows(operations: readonly Operation[]): LogRow[] {
    const configs = new Map<string, string>();
    return operations.map((operation) => {
      const config = configs.get(operation.vmcpId) ?? this.#configOf(operation.vmcpId);
      configs.set(operation.vmcpId, config);
      return operationRow(operation, this.#nextId(), config, this.#redactor);
    });
  }

  /** Unlike any other, also of another start; 32 hexadecimal digits. */
  #nextId(): string {
    this.#lastId += 1;
    return `log_${this.#run}${this.#lastId.toString(16).padStart(8, '0')}`;
  }

  #configOf(vmcpId: string): string {
    try {
      return loggedConfig(this.dependencies.maskedConfig(vmcpId), this.#redactor);
    } catch (error) {
      if (error instanceof NotFoundError) return '{}'; // deleted since
      throw error;
    }
  }
}
