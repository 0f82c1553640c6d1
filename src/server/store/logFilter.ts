import type { SqlValue } from 'sql.js';
import type { StatsFilter } from '../../contract/stats.ts';
import type { LogSearch } from './logSearch.ts';
import { day } from './timeBuckets.ts';

/** A condition as SQL, and the values of its question marks. */
export interface Filter {
  /** Empty, or `WHERE …`. */
  where: string;
  values: SqlValue[];
}

/** What a filter means for each table of the log. */
export interface LogFilters {
  /** Of `logs`. */
  rows: Filter;
  /** Of `daily`: the sums of pruned rows; only whole days within the dates. */
  days: Filter;
  /** Of `log_groups`: those that rows and sums may belong to. */
  groups: Filter;
  /** What counts of a day's sums, as SQL: all rows, or those that failed or did not. */
  countedOfDay: string;
  /** Milliseconds since 1970; undefined where the filter sets none. The end is exclusive. */
  start: number | undefined;
  end: number | undefined;
}

/** @param search finds the rows that hold the searched text; sums hold none. */
export function filtersOf(filter: StatsFilter, search: LogSearch): LogFilters {
  const start = filter.start_date === undefined ? undefined : Date.parse(filter.start_date);
  const end = filter.end_date === undefined ? undefined : endOf(filter.end_date);
  const { success, search: text } = filter;
  const found = text === undefined ? undefined : JSON.stringify(search.rowsWith(text));
  const group = conditionsOf({
    'vmcp_id = ?': filter.vmcp_id,
    'client_id = ?': filter.client_id,
    'method = ?': filter.method,
    'server_id = ?': filter.server_id,
    'tool = ?': filter.tool,
  });
  const row = conditionsOf({
    'at >= ?': start,
    'at < ?': end,
    'failed = ?': success === undefined ? undefined : Number(!success),
    'row IN (SELECT value FROM json_each(?))': found,
  });
  const days = conditionsOf({
    '? = 0': found === undefined ? undefined : 1,
    'day >= ?': start,
    [`day + ${day} <= ?`]: end,
  });
  const groups = filterOf(group);
  const ofGroup =
    group.text.length === 0
      ? []
      : [
          {
            text: [`group_id IN (SELECT id FROM log_groups ${groups.where})`],
            values: group.values,
          },
        ];
  return {
    rows: filterOf(row, ...ofGroup),
    days: filterOf(days, ...ofGroup),
    groups,
    countedOfDay: success === undefined ? 'rows' : success ? '(rows - failed)' : 'failed',
    start,
    end,
  };
}

/** `filter` and one more condition. */
export function narrowed(filter: Filter, condition: string, ...values: SqlValue[]): Filter {
  const where = filter.where === '' ? `WHERE ${condition}` : `${filter.where} AND ${condition}`;
  return { where, values: [...filter.values, ...values] };
}

interface Conditions {
  text: string[];
  values: SqlValue[];
}

function conditionsOf(conditions: Record<string, string | number | undefined>): Conditions {
  const asked = Object.entries(conditions).filter(([, value]) => value !== undefined);
  return { text: asked.map(([text]) => text), values: asked.map(([, value]) => value ?? null) };
}

function filterOf(...parts: Conditions[]): Filter {
  const conditions = parts.flatMap(({ text }) => text);
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    values: parts.flatMap(({ values }) => values),
  };
}

/** First millisecond after an end date; a date without a time includes its whole day. */
function endOf(date: string): number {
  const time = Date.parse(date);
  return date.length === '2026-01-01'.length ? time + day : time + 1;
}
