import type { SqlValue } from 'sql.js';
import type { StatsBody, StatsQuery } from '../../contract/stats.ts';
import type { Database } from './database.ts';
import { day, readEntries } from './logTable.ts';

/** What the log itself knows of an answer to GET /api/stats. */
export type LogStats = {
  stats: Omit<StatsBody['stats'], 'total_vmcps'>;
} & Pick<StatsBody, 'logs' | 'pagination'>;

interface Conditions {
  conditions: string[];
  values: SqlValue[];
}

interface Filter {
  where: string;
  values: SqlValue[];
}

/**
 * Answers a query: one page of rows, newest first, and totals that also count pruned rows, by
 * whole days within the query's dates.
 */
export function queryLogs(database: Database, query: StatsQuery): LogStats {
  const { page, page_size } = query;
  const { rows, days } = filtersOf(query);
  const counted = database.first(
    `WITH
       kept AS (SELECT sums, count(*) AS rows, sum(tools_exposed) AS exposed
                FROM logs ${rows.where} GROUP BY sums),
       counted AS (SELECT client_id, method, kept.rows AS kept, kept.rows, exposed
                   FROM kept JOIN daily ON id = sums
         UNION ALL SELECT client_id, method, 0, rows, tools_exposed FROM daily ${days.where})
     SELECT sum(kept) AS kept, sum(rows) AS rows, count(DISTINCT client_id) AS clients,
       sum(rows) FILTER (WHERE method = 'tools/call') AS calls,
       sum(exposed) FILTER (WHERE method = 'tools/call') AS exposed
     FROM counted`,
    [...rows.values, ...days.values],
  );
  const calls = Number(counted.calls ?? 0);
  const kept = Number(counted.kept ?? 0);
  return {
    stats: {
      total_logs: Number(counted.rows ?? 0),
      active_clients: Number(counted.clients),
      total_tool_calls: calls,
      avg_tools_per_call: calls === 0 ? 0 : Number(counted.exposed) / calls,
    },
    logs: readEntries(database, `${rows.where} ORDER BY at DESC, row DESC LIMIT ? OFFSET ?`, [
      ...[...rows.values, page_size, (page - 1) * page_size],
    ]),
    pagination: {
      page,
      page_size,
      total_pages: Math.ceil(kept / page_size),
      total_items: kept,
    },
  };
}

/** What a query asks for, of rows and of the sums of pruned ones. */
function filtersOf({ start_date, end_date, vmcp_id, client_id, method }: StatsQuery) {
  const start = start_date === undefined ? undefined : Date.parse(start_date);
  const end = end_date === undefined ? undefined : endOf(end_date);
  const group = filterOf({
    'vmcp_id = ?': vmcp_id,
    'client_id = ?': client_id,
    'method = ?': method,
  });
  const times = filterOf({ 'at >= ?': start, 'at < ?': end });
  const days = filterOf({ 'rows > ?': 0, 'day >= ?': start, [`day + ${day} <= ?`]: end });
  const ofGroup = `sums IN (SELECT id FROM daily WHERE ${group.conditions.join(' AND ')})`;
  return {
    rows: both(times, { ...group, conditions: group.values.length > 0 ? [ofGroup] : [] }),
    days: both(days, group),
  };
}

function filterOf(conditions: Record<string, string | number | undefined>): Conditions {
  const asked = Object.entries(conditions).filter(([, value]) => value !== undefined);
  return {
    conditions: asked.map(([condition]) => condition),
    values: asked.map(([, value]) => value ?? null),
  };
}

function both(one: Conditions, other: Conditions): Filter {
  const conditions = [...one.conditions, ...other.conditions];
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    values: [...one.values, ...other.values],
  };
}

/** First millisecond after an end date; a date without a time includes its whole day. */
function endOf(date: string): number {
  const time = Date.parse(date);
  return date.length === '2026-01-01'.length ? time + day : time + 1;
}
