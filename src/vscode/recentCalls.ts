import type { ServerEvent } from '../contract/events.ts';
import type { LogSummary } from '../contract/stats.ts';
import { Emitter } from './emitter.ts';
import type { InventorySource } from './inventory.ts';

type CallsEvent = Extract<ServerEvent, { type: 'activity.calls' }>;
export type RunningCall = CallsEvent['running'][number];

/** So many are shown; the dashboard has the others. */
const maxCalls = 200;

/** The newest calls, as they come in; bounded, newest first. */
export class RecentCalls {
  #calls: readonly LogSummary[] = [];
  #running: readonly RunningCall[] = [];
  #isPaused = false;
  #failedOnly = false;
  #isAsked = false;
  readonly #changed = new Emitter<void>();
  readonly #subscriptions: { dispose(): void }[];

  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly source: InventorySource,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#subscriptions = [
      source.onEvent((event) => {
        if (event.type === 'activity.calls') this.#follow(event);
      }),
      source.onDidChangeState(({ status }) => {
        if (status === 'connected' && this.#isAsked) void this.#read();
        if (status !== 'connected') this.#running = [];
      }),
    ];
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get failedOnly(): boolean {
    return this.#failedOnly;
  }

  /** Newest first. */
  get calls(): readonly LogSummary[] {
    return this.#failedOnly ? this.#calls.filter(({ success }) => !success) : this.#calls;
  }

  get running(): readonly RunningCall[] {
    return this.#failedOnly || this.#isPaused ? [] : this.#running;
  }

  call(logId: string): LogSummary | undefined {
    return this.#calls.find(({ log_id }) => log_id === logId);
  }

  /** Reads what was done before this window was there; only the first time. */
  show(): void {
    void this.ready();
  }

  /** Reads it, where that was not done yet. */
  async ready(): Promise<void> {
    if (this.#isAsked) return;
    this.#isAsked = true;
    await this.#read();
  }

  /** While paused nothing moves; what happens meanwhile is read on going on. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#changed.fire();
    else void this.#read();
  }

  showFailedOnly(failedOnly: boolean): void {
    this.#failedOnly = failedOnly;
    this.#changed.fire();
    if (failedOnly) void this.#read();
  }

  clear(): void {
    this.#calls = [];
    this.#changed.fire();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow({ finished, running }: CallsEvent): void {
    this.#running = running;
    if (this.#isPaused) return;
    this.#add(finished.toReversed());
  }

  #add(newer: readonly LogSummary[]): void {
    const known = new Set(newer.map(({ log_id }) => log_id));
    const older = this.#calls.filter(({ log_id }) => !known.has(log_id));
    this.#calls = [...newer, ...older].slice(0, maxCalls);
    this.#changed.fire();
  }

  async #read(): Promise<void> {
    const { state } = this.source;
    if (state.status !== 'connected') return;
    try {
      this.#add(await state.client.calls(50, this.#failedOnly));
    } catch (error) {
      if (this.source.state === state) this.onError(error);
    }
  }
}
