import type { ServerEvent } from '../../src/contract/events.ts';
import type { McpServer } from '../../src/contract/servers.ts';
import type { StatsOverview, UnusedTools } from '../../src/contract/stats.ts';
import type { Vmcp } from '../../src/contract/vmcps.ts';
import type { KnownNames } from '../../src/contract/webview/dashboard.ts';
import type { LinkStatus } from '../../src/contract/webview/messages.ts';
import { asFailure, type RequestFailure } from '../shared/requestFailure.ts';
import { Rest } from '../shared/rest.ts';
import type { WindowLink } from '../shared/windowLink.ts';
import { type Filters, firstFilters, keptFilters, readFilters, toQuery } from './filters.ts';
import { Latest } from './latest.ts';
import { LogPages } from './logPages.ts';
import { Records } from './records.ts';

/** Milliseconds between two readings while calls go on. */
const liveMs = 1_000;
/** After the last key: a search reads whole texts. */
const typingMs = 250;

/** The lists of figures, and how each is shown. */
export interface ListState {
  by: 'name' | 'calls' | 'errors' | 'p50_ms' | 'p95_ms';
  /** All of it, and not only the beginning. */
  all: boolean;
}
export type ListName = 'tools' | 'servers' | 'clients' | 'vmcps' | 'unused';

/** What was just done, and how it is undone. */
export interface Notice {
  text: string;
  undo?: () => void;
}

/** What the dashboard shows, read again when the filters change and while calls go on. */
export class Dashboard {
  filters: Filters;
  overview: StatsOverview | undefined;
  unused: UnusedTools['tools'] | undefined;
  vmcps: readonly Vmcp[] | undefined;
  servers: readonly McpServer[] = [];
  failure: RequestFailure | undefined;
  notice: Notice | undefined;
  linkStatus: LinkStatus = { status: 'connected', message: '' };
  /** An answer is on its way that other filters were chosen for. */
  isReading = false;
  /** Names of clients seen so far, by their ids: a filter leaves one of them. */
  readonly clients = new Map<string, string>();
  readonly lists: Partial<Record<ListName, ListState>> = {};
  /** The bucket that the pointer is on. */
  pointed: number | undefined;
  readonly chartListener = {
    pointed: (index: number | undefined) => this.#point(index),
    chosen: (start: number, end: number) => this.filter({ span: { start, end } }),
  };
  readonly log: LogPages;
  readonly records: Records;
  readonly #rest: Rest;
  readonly #overviews = new Latest();
  readonly #names = new Latest();
  #typing: number | undefined;
  #live: number | undefined;

  constructor(
    readonly link: WindowLink,
    readonly changed: () => void,
  ) {
    this.#rest = new Rest(link);
    this.filters = readFilters(link.firstView);
    this.log = new LogPages(this.#rest, () => this.query);
    this.records = new Records(this.#rest, changed);
    link.onEvent = (event) => this.#follow(event);
    link.onLink = (status) => this.#followLink(status);
    this.#show(link.known as unknown as KnownNames | null);
    // figures first: they are what one waits for
    void this.#readStats().then(() => this.#readNames());
  }

  get query() {
    return toQuery(this.filters, Date.now());
  }

  /** Everything, after a lost link or when asked to. */
  async readAll(): Promise<void> {
    await Promise.all([this.#readStats(), this.#readNames()]);
  }

  /** Chooses other filters; those that are left out stay. */
  filter(change: Partial<Filters>): void {
    this.#keep(change);
    this.#readFiltered();
  }

  /** The same while it is typed: asked for once the typing pauses. */
  search(search: string): void {
    this.#keep({ search });
    this.#typing = window.setTimeout(() => this.#readFiltered(), typingMs);
    this.changed();
  }

  clearFilters(): void {
    const { range, span } = this.filters;
    this.filter({ ...firstFilters, range, span });
  }

  async showPage(which: 'newest' | 'older' | 'newer'): Promise<void> {
    await this.#guard(() => this.log.show(which));
  }

  /** Does something that can fail, and shows that it did. */
  async attempt(what: () => Promise<void>): Promise<void> {
    this.failure = undefined;
    await this.#guard(what);
  }

  async switchOff(tool: UnusedTools['tools'][number], text: string): Promise<void> {
    const { vmcp_id, server_id, name } = tool;
    const turn = (on: boolean) =>
      this.attempt(async () => {
        await this.link.request('window', 'switchTool', { vmcp_id, server_id, name, on });
        this.notice = on ? undefined : { text, undo: () => void turn(true) };
        await this.#readNames();
      });
    await turn(false);
  }

  /** Sorts a list otherwise, or shows all of it. */
  arrange(name: ListName, change: Partial<ListState>): void {
    this.lists[name] = { ...this.listState(name), ...change };
    this.changed();
  }

  listState(name: ListName): ListState {
    return this.lists[name] ?? { by: 'calls', all: false };
  }

  /** Tells that something was done. */
  say(text: string): void {
    this.notice = { text };
    this.changed();
  }

  dismissNotice(): void {
    this.notice = undefined;
    this.changed();
  }

  #show(known: KnownNames | null): void {
    this.vmcps = known?.vmcps ?? this.vmcps;
    this.servers = known?.servers ?? this.servers;
  }

  #point(index: number | undefined): void {
    if (this.pointed === index) return;
    this.pointed = index;
    this.changed();
  }

  #take(overview: StatsOverview): void {
    this.overview = overview;
    for (const { client_id, client_name } of overview.clients) {
      this.clients.set(client_id, client_name || client_id);
    }
  }

  #keep(change: Partial<Filters>): void {
    this.filters = { ...this.filters, ...change };
    this.link.keepView(keptFilters(this.filters));
    clearTimeout(this.#typing);
  }

  #readFiltered(): void {
    this.isReading = true;
    this.changed();
    void this.#readStats();
  }

  async #readStats(): Promise<void> {
    await this.#guard(async () => {
      const { query } = this;
      const overview = this.#overviews.run(
        (signal) => this.#rest.call('getOverview', { query }, signal),
        (answer) => {
          this.#take(answer);
          this.isReading = false;
          this.failure = undefined;
          this.changed();
        },
      );
      await Promise.all([overview, this.log.show('newest')]);
    });
  }

  async #readNames(): Promise<void> {
    await this.#guard(() =>
      this.#names.run(
        (signal) =>
          Promise.all([
            this.#rest.call('listVmcps', {}, signal),
            this.#rest.call('listServers', {}, signal),
            this.#rest.call('getUnusedTools', {}, signal),
          ]),
        ([vmcps, servers, unused]) => {
          this.#show({ vmcps, servers });
          this.unused = unused.tools;
        },
      ),
    );
  }

  async #guard(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failure = asFailure(error);
      this.isReading = false;
    }
    this.changed();
  }

  #follow(event: ServerEvent): void {
    if (event.type === 'activity.recorded') this.#readSoon();
    else void this.#readNames();
  }

  /** Not while an answer is on its way, and not more often than one can look. */
  #readSoon(): void {
    this.#live ??= window.setTimeout(async () => {
      await this.#readLive();
      this.#live = undefined;
    }, liveMs);
  }

  async #readLive(): Promise<void> {
    if (this.isReading) return;
    await this.#guard(async () => {
      const { query } = this;
      await Promise.all([
        this.#overviews.run(
          (signal) => this.#rest.call('getOverview', { query }, signal),
          (answer) => this.#take(answer),
        ),
        this.log.refresh(),
      ]);
    });
  }

  #followLink(status: LinkStatus): void {
    const wasLost = this.linkStatus.status !== 'connected';
    this.linkStatus = status;
    if (wasLost && status.status === 'connected') void this.readAll();
    this.changed();
  }
}
