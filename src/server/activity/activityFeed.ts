import { type LogSummary, logSummarySchema } from '../../contract/stats.ts';
import type { EventBus } from '../events.ts';
import { SlotSet } from '../slotSet.ts';
import type { LogRow } from '../store/logRecord.ts';
import type { StartedOperation } from './activity.ts';
import type { Redactor } from './redactor.ts';

/** Milliseconds between two events. */
const intervalMs = 250;
/** An operation that goes on for less is told only when it is done. */
const slowMs = 500;
/** Of more operations in an interval the newest are told, and how many the others are. */
const maxFinished = 100;
const maxRunning = 50;
const maxTextLength = 200;

/**
 * Tells windows what is done as it happens, in batches of bounded size. While no window listens it
 * only knows which operations go on.
 */
export class ActivityFeed {
  readonly #running = new SlotSet<StartedOperation>();
  #isHeard: () => boolean = () => false;
  #finished: LogRow[] = [];
  #skipped = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What was told to go on, by slot. */
  #told: ReadonlySet<number> = new Set();

  constructor(
    private readonly events: EventBus,
    private readonly redactor: Redactor,
  ) {}

  /** Who says whether any window listens; until then none does. */
  hearWhile(isHeard: () => boolean): void {
    this.#isHeard = isHeard;
  }

  /** @returns the slot for `end` */
  begin(operation: StartedOperation): number {
    this.#schedule();
    return this.#running.add(operation);
  }

  end(slot: number): void {
    this.#running.delete(slot);
  }

  finished(rows: readonly LogRow[]): void {
    if (!this.#isHeard()) return;
    const all = [...this.#finished, ...rows];
    this.#skipped += Math.max(0, all.length - maxFinished);
    this.#finished = all.slice(-maxFinished);
    this.#schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#isHeard = () => false;
  }

  #schedule(): void {
    if (this.#timer || !this.#isHeard()) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, intervalMs).unref();
  }

  #tell(): void {
    const slow = this.#slow();
    const finished = this.#finished.map(summaryOf);
    const skipped = this.#skipped;
    this.#finished = [];
    this.#skipped = 0;
    const before = this.#told;
    this.#told = new Set(slow.keys());
    const isSame = before.size === slow.size && [...slow.keys()].every((slot) => before.has(slot));
    if (this.#running.size > 0) this.#schedule();
    if (isSame && finished.length === 0) return;
    const running = [...slow.values()].map((operation) => this.#shown(operation));
    this.events.publish({ type: 'activity.calls', finished, skipped, running });
  }

  #slow(): Map<number, StartedOperation> {
    const slow = new Map<number, StartedOperation>();
    const latest = Date.now() - slowMs;
    for (const [slot, operation] of this.#running.entries()) {
      if (operation.at <= latest) slow.set(slot, operation);
      if (slow.size === maxRunning) break;
    }
    return slow;
  }

  #shown({ clientName, vmcpId, method, target, at }: StartedOperation) {
    const text = (value: string) => this.redactor.cutText(value, maxTextLength);
    return {
      client_name: text(clientName),
      vmcp_id: vmcpId,
      method,
      target: target === null ? null : text(target),
      timestamp: new Date(at).toISOString(),
    };
  }
}

/** Values come last in a row's text: they are cut off unread. */
function summaryOf({ text }: LogRow): LogSummary {
  const head = `${text.slice(0, text.indexOf(',"arguments":'))}}`;
  return logSummarySchema.parse(JSON.parse(head));
}
