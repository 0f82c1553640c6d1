import type { SqlValue } from 'sql.js';
import type { StatsFilter, StatsOverview } from '../../contract/stats.ts';
import { CallFigures } from './callFigures.ts';
import type { Database } from './database.ts';
import { binOf, readBins } from './durationBins.ts';
import { filtersOf, type LogFilters, narrowed } from './logFilter.ts';
import type { LogSearch } from './logSearch.ts';
import { day, type TimeBuckets, timeBuckets } from './timeBuckets.ts';

/** Of tools and of clients, which may be any number. */
const mostListed = 200;

/** By what operations are grouped; the columns of `log_groups` that tell them apart. */
const dimensions = {
  tools: ['server_id', 'tool'],
  servers: ['server_id'],
  clients: ['client_id', 'client_name'],
  vmcps: ['vmcp_id'],
  methods: ['method'],
} as const;
type Dimension = keyof typeof dimensions;
const dimensionNames = Object.keys(dimensions) as Dimension[];
const columns = ['vmcp_id', 'client_id', 'client_name', 'method', 'server_id', 'tool'] as const;

type GroupValues = Readonly<Record<(typeof columns)[number], string>>;

/** Operations added up by group and over time. */
class Tally {
  readonly buckets: CallFigures[];
  readonly #groups = new Map<SqlValue | undefined, CallFigures>();

  constructor(private readonly spans: TimeBuckets) {
    this.buckets = Array.from({ length: spans.count }, () => new CallFigures());
  }

  /** The sums of a group, and those of a time; the second undefined outside of the buckets. */
  at(group: SqlValue | undefined, time: number): [CallFigures, CallFigures | undefined] {
    let figures = this.#groups.get(group);
    if (!figures) {
      figures = new CallFigures();
      this.#groups.set(group, figures);
    }
    return [figures, this.buckets[Math.floor((time - this.spans.start) / this.spans.width)]];
  }

  addRow(group: SqlValue | undefined, time: number, failed: boolean, bin: number): void {
    const [figures, bucket] = this.at(group, time);
    figures.addOne(failed, time, bin);
    bucket?.addOne(failed, time, bin);
  }

  get totals(): CallFigures {
    const totals = new CallFigures();
    for (const figures of this.#groups.values()) totals.addAll(figures);
    return totals;
  }

  /** What a dimension's members did, the busiest first. Lists belong to no tool, and some operations to no server. */
  by(name: Dimension, groups: ReadonlyMap<SqlValue, GroupValues>): object[] {
    const members = new Map<string, { key: object; figures: CallFigures }>();
    for (const [id, added] of this.#groups) {
      const values = groups.get(id ?? null);
      if (!values || dimensions[name].some((column) => values[column] === '' && isId(column)))
        continue;
      const key = Object.fromEntries(dimensions[name].map((column) => [column, values[column]]));
      const text = JSON.stringify(Object.values(key).slice(0, name === 'clients' ? 1 : undefined));
      const member = members.get(text) ?? { key, figures: new CallFigures() };
      member.figures.addAll(added);
      members.set(text, member);
    }
    return [...members.values()]
      .sort((one, other) => other.figures.calls - one.figures.calls)
      .map(({ key, figures }) => ({ ...key, ...figures.toUsedBody() }));
  }
}

function isId(column: string): boolean {
  return column !== 'client_name';
}

/**
 * Adds up what a filter selects: over time and by tool, server, client, vMCP and method. Pruned
 * rows count where their whole day is selected; the buckets are days then.
 * @param now milliseconds since 1970: where a range without an end ends.
 */
export function queryOverview(
  database: Database,
  filter: StatsFilter,
  search: LogSearch,
  now: number,
): StatsOverview {
  const filters = filtersOf(filter, search);
  const days = database.lists(
    `SELECT group_id, day, ${filters.countedOfDay}, ${filter.success === true ? '0' : 'failed'}, durations
     FROM daily ${narrowed(filters.days, `${filters.countedOfDay} > 0`).where}`,
    filters.days.values,
  );
  const spans = spansOf(database, filters, days, now);
  const tally = new Tally(spans);
  let rows = 0;
  database.visit(
    `SELECT group_id, at, failed, duration FROM logs ${filters.rows.where}`,
    filters.rows.values,
    ([group, time, failed, duration]) => {
      rows += 1;
      tally.addRow(group, Number(time), failed === 1, binOf(Number(duration)));
    },
  );
  for (const [group, since, calls, errors, bins] of days) {
    for (const figures of tally.at(group, Number(since))) {
      figures?.addMany(Number(calls), Number(errors), Number(since));
      // durations are summed up for all operations of a day alike
      if (filter.success !== undefined) continue;
      for (const [bin, count] of readBins(String(bins))) figures?.addDurations(bin, count);
    }
  }
  return bodyOf(tally, groupsOf(database, filters), spans, {
    rows,
    rowsSince: oldestRow(database),
  });
}

/** Newer names of a client first: old sums know none. */
function groupsOf(database: Database, { groups }: LogFilters): Map<SqlValue, GroupValues> {
  const found = database.lists(
    `SELECT id, ${columns.join()} FROM log_groups ${groups.where} ORDER BY client_name DESC`,
    groups.values,
  );
  return new Map(
    found.map(([id = null, ...values]) => [
      id,
      Object.fromEntries(columns.map((name, at) => [name, String(values[at])])) as GroupValues,
    ]),
  );
}

function oldestRow(database: Database): number | undefined {
  const { at } = database.first('SELECT min(at) AS at FROM logs');
  return at === null || at === undefined ? undefined : Number(at);
}

/** Pruned rows are known by whole days, in UTC; a range without a start begins with its first operation. */
function spansOf(
  database: Database,
  { rows, start, end }: LogFilters,
  days: SqlValue[][],
  now: number,
): TimeBuckets {
  const since = days.map(([, day]) => Number(day));
  const kept =
    start !== undefined && end !== undefined
      ? {}
      : database.first(
          `SELECT min(at) AS first, max(at) AS last FROM logs ${rows.where}`,
          rows.values,
        );
  const first = start ?? Math.min(Number(kept.first ?? now), ...since);
  const last = end ?? Math.max(now, Number(kept.last ?? now)) + 1;
  return timeBuckets(Math.min(first, last), last, days.length > 0 ? day : undefined);
}

function bodyOf(
  tally: Tally,
  groups: ReadonlyMap<SqlValue, GroupValues>,
  { start, width }: TimeBuckets,
  { rows, rowsSince }: { rows: number; rowsSince: number | undefined },
): StatsOverview {
  const time = (at: number) => new Date(at).toISOString();
  const lists = Object.fromEntries(
    dimensionNames.map((name) => [name, tally.by(name, groups)]),
  ) as Pick<StatsOverview, Dimension>;
  return {
    start: time(start),
    end: time(start + width * tally.buckets.length),
    bucket_ms: width,
    rows_since: rowsSince === undefined ? null : time(rowsSince),
    totals: { ...tally.totals.toBody(), clients: lists.clients.length, rows },
    buckets: tally.buckets.map((figures, index) => ({
      time: time(start + index * width),
      ...figures.toBody(),
    })),
    ...lists,
    tools: lists.tools.slice(0, mostListed),
    clients: lists.clients.slice(0, mostListed),
  };
}
