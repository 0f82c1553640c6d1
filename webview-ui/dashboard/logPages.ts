import type { LogSummary } from '../../src/contract/stats.ts';
import type { OperationInput } from '../../src/contract/webview/operations.ts';
import type { Rest } from '../shared/rest.ts';
import { Latest } from './latest.ts';

/** Rows of a page. */
const pageSize = 25;

/** The log, a page at a time. Pages are told apart by their rows, so that new ones do not shift them. */
export class LogPages {
  rows: readonly LogSummary[] | undefined;
  /** Newer rows exist than those of the page that is shown. */
  hasNews = false;
  readonly #pages = new Latest();
  /** `before` of the pages up to the one that is shown; the newest has none. */
  #trail: (string | undefined)[] = [undefined];
  #next: string | null = null;

  constructor(
    private readonly rest: Rest,
    private readonly query: () => OperationInput<'getOverview'>['query'],
  ) {}

  /** Of the page that is shown, from 1 on. */
  get number(): number {
    return this.#trail.length;
  }

  get hasOlder(): boolean {
    return this.#next !== null;
  }

  /** @throws RequestFailure */
  async show(which: 'newest' | 'older' | 'newer'): Promise<void> {
    await this.#read(this.#trailTo(which));
  }

  /** After calls were recorded: the newest page shows them, others only that there are some. */
  async refresh(): Promise<void> {
    if (this.number === 1) await this.#read(this.#trail);
    else this.hasNews = true;
  }

  #trailTo(which: 'newest' | 'older' | 'newer'): (string | undefined)[] {
    if (which === 'newest') return [undefined];
    if (which === 'newer') return this.#trail.length > 1 ? this.#trail.slice(0, -1) : this.#trail;
    return this.#next === null ? this.#trail : [...this.#trail, this.#next];
  }

  async #read(trail: (string | undefined)[]): Promise<void> {
    const before = trail.at(-1);
    const query = { ...this.query(), page_size: pageSize, ...(before && { before }) };
    await this.#pages.run(
      (signal) => this.rest.call('getLogPage', { query }, signal),
      ({ logs, next }) => {
        this.rows = logs;
        this.#next = next;
        this.#trail = trail;
        if (trail.length === 1) this.hasNews = false;
      },
    );
  }
}
