import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../contract/json.ts';
import { NotFoundError } from '../appErrors.ts';
import type { EventBus } from '../events.ts';
import type { LogRow } from '../store/logRecord.ts';
import type { SecretStore } from '../store/secretStore.ts';
import type { LogStore } from '../store/store.ts';
import type { Activity, Operation, StartedOperation } from './activity.ts';
import { ActivityFeed } from './activityFeed.ts';
import { Redactor } from './redactor.ts';
import { RowShaper } from './rowShaper.ts';

/** Milliseconds between two events that tell of new rows. */
const tellInterval = 25;

export interface ActivityLogDependencies {
  logs: LogStore;
  secrets: SecretStore;
  events: EventBus;
  /** `active_config` with secrets masked. @throws NotFoundError where the vMCP is gone */
  maskedConfig(vmcpId: string): JsonObject;
}

/** How long a finished operation waits for others. */
const shapeAfterMs = 20;

/**
 * Shapes finished operations into log rows and stores them, a few at once: after their answers, not between
 * two calls of a client that waits for each, and before there are many, which the garbage collector would
 * have to carry along with all that they hold.
 */
export class ActivityLog implements Activity {
  readonly #redactor: Redactor;
  readonly #shaper: RowShaper;
  readonly #run = randomBytes(12).toString('hex');
  #lastId = 0;
  #waiting: Operation[] = [];
  #shaping: NodeJS.Timeout | undefined;
  #telling: NodeJS.Timeout | undefined;
  #recorded = 0;
  /** `active_config` of vMCPs as rows hold it; read anew after each event. */
  readonly #configs = new Map<string, string>();
  #isClosed = false;

  /** What windows hear of it. */
  readonly feed: ActivityFeed;

  constructor(private readonly dependencies: ActivityLogDependencies) {
    this.#redactor = new Redactor(dependencies.secrets, dependencies.events);
    this.#shaper = new RowShaper(this.#redactor);
    this.feed = new ActivityFeed(dependencies.events, this.#redactor);
  }

  begin(operation: StartedOperation): number {
    return this.feed.begin(operation);
  }

  record(operation: Operation, begun: number): void {
    this.feed.end(begun);
    if (this.#isClosed) return;
    this.#waiting.push(operation);
    this.#shaping ??= setTimeout(() => this.flush(), shapeAfterMs);
  }

  /** Hands everything recorded so far to the store. */
  flush(): void {
    clearTimeout(this.#shaping);
    this.#shaping = undefined;
    const operations = this.#waiting;
    if (operations.length === 0) return;
    this.#waiting = [];
    const rows = operations.map((operation) => this.#row(operation));
    this.dependencies.logs.append(rows);
    this.feed.finished(rows);
    this.#recorded += rows.length;
    this.#telling ??= setTimeout(() => this.#tell(), tellInterval).unref();
  }

  /** Flushes and stops; what is recorded later is dropped. */
  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#tell();
    this.#isClosed = true;
    this.feed.close();
    this.#redactor.close();
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#configs.clear();
    const count = this.#recorded;
    this.#recorded = 0;
    if (count > 0) this.dependencies.events.publish({ type: 'activity.recorded', count });
  }

  #row(operation: Operation): LogRow {
    const { vmcpId } = operation;
    let config = this.#configs.get(vmcpId);
    if (config === undefined) {
      config = this.#configOf(vmcpId);
      this.#configs.set(vmcpId, config);
    }
    return this.#shaper.row(operation, this.#nextId(), config);
  }

  /** Unlike any other, also of another start; 32 hexadecimal digits. */
  #nextId(): string {
    this.#lastId += 1;
    return `log_${this.#run}${this.#lastId.toString(16).padStart(8, '0')}`;
  }

  #configOf(vmcpId: string): string {
    try {
      return this.#shaper.config(this.dependencies.maskedConfig(vmcpId));
    } catch (error) {
      if (error instanceof NotFoundError) return '{}'; // deleted since
      throw error;
    }
  }
}
