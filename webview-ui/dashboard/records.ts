import type { LogEntry } from '../../src/contract/stats.ts';
import type { RunOutcome } from '../../src/contract/webview/dashboard.ts';
import { asFailure, type RequestFailure } from '../shared/requestFailure.ts';
import type { Rest } from '../shared/rest.ts';

/** The record that is unfolded, and what was done with it. */
export interface OpenRecord {
  log_id: string;
  entry?: LogEntry;
  failure?: RequestFailure;
  /** It is being run again. */
  isRunning?: boolean;
  outcome?: RunOutcome;
  /** What was just done, for those who listen. */
  said?: string;
}

/** Unfolds one record of the log at a time. */
export class Records {
  open: OpenRecord | undefined;

  constructor(
    private readonly rest: Rest,
    private readonly changed: () => void,
  ) {}

  async toggle(log_id: string): Promise<void> {
    if (this.open?.log_id === log_id) return this.close();
    this.open = { log_id };
    this.changed();
    try {
      const entry = await this.rest.call('getLogEntry', { params: { log_id } });
      this.update(log_id, { entry });
    } catch (error) {
      this.update(log_id, { failure: asFailure(error) });
    }
  }

  close(): void {
    this.open = undefined;
    this.changed();
  }

  /** Changes the record that is unfolded, unless it is another one by now. */
  update(log_id: string, change: Partial<OpenRecord>): void {
    if (this.open?.log_id !== log_id) return;
    this.open = { ...this.open, ...change };
    this.changed();
  }
}
