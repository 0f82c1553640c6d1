import type { SqlValue } from 'sql.js';
import type { StatsBody, StatsQuery } from '../../contract/stats.ts';
import type { Database } from './database.ts';
import { day, toEntry } from './logTable.ts';

/** What the log itself knows of an answer to GET /api/stats. */
export type LogStats = {
  stats: Omit<StatsBody['stats'], 'total_vmcps'>;
} & Pick<StatsBody, 'logs' | 'pagination'>;

interface Filter {
  where: string;
  values: SqlValue[];
}

const totals = `
  count_rows AS total_logs, tool_calls AS total_tool_calls,
  CASE tool_calls WHEN 0 THEN 0 ELSE 1.0 * exposed / tool_calls END AS avg_tools_per_call`;

/**
 * Answers a query: one page of rows, newest first, and totals that also count pruned rows, by
 * whole days within the query's dates.
 */
export function queryLogs(database: Database, query: StatsQuery): LogStats {
  const rows = filterOf(query, 'at >= ?', 'at < ?');
  const days = filterOf(query, 'day >= ?', `day + ${day} <= ?`);
  const both = [...rows.values, ...days.values];
  const total = database.first(
    `SELECT ${totals} FROM (
       SELECT sum(rows) AS count_rows, sum(rows * (method = 'tools/call')) AS tool_calls,
              sum(exposed * (method = 'tools/call')) AS exposed
       FROM (SELECT method, 1 AS rows, tools_exposed AS exposed FROM logs ${rows.where}
             UNION ALL SELECT method, rows, tools_exposed FROM daily ${days.where}))`,
    both,
  );
  const clients = database.first(
    `SELECT count(*) AS clients FROM (SELECT client_id FROM logs ${rows.where}
       UNION SELECT client_id FROM daily ${days.where})`,
    both,
  );
  return {
    stats: {
      total_logs: Number(total.total_logs ?? 0),
      active_clients: Number(clients.clients),
      total_tool_calls: Number(total.total_tool_calls ?? 0),
      avg_tools_per_call: Number(total.avg_tools_per_call ?? 0),
    },
    ...pageOf(database, query, rows),
  };
}

function pageOf(
  database: Database,
  { page, page_size }: StatsQuery,
  { where, values }: Filter,
): Pick<StatsBody, 'logs' | 'pagination'> {
  const counted = database.first(`SELECT count(*) AS rows FROM logs ${where}`, values);
  const total = Number(counted.rows);
  const rows = database.all(
    // The rows of the page are found in the index; only they are read.
    `SELECT * FROM logs WHERE rowid IN (
       SELECT rowid FROM logs ${where} ORDER BY at DESC, rowid DESC LIMIT ? OFFSET ?)
     ORDER BY at DESC, rowid DESC`,
    [...values, page_size, (page - 1) * page_size],
  );
  return {
    logs: rows.map(toEntry),
    pagination: {
      page,
      page_size,
      total_pages: Math.ceil(total / page_size),
      total_items: total,
    },
  };
}

function filterOf(query: StatsQuery, from: string, before: string): Filter {
  const conditions: [condition: string, value: SqlValue][] = [];
  if (query.start_date !== undefined) conditions.push([from, Date.parse(query.start_date)]);
  if (query.end_date !== undefined) conditions.push([before, endOf(query.end_date)]);
  if (query.vmcp_id !== undefined) conditions.push(['vmcp_id = ?', query.vmcp_id]);
  if (query.client_id !== undefined) conditions.push(['client_id = ?', query.client_id]);
  if (query.method !== undefined) conditions.push(['method = ?', query.method]);
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.map(([each]) => each).join(' AND ')}`,
    values: conditions.map(([, value]) => value),
  };
}

/** First millisecond after an end date; a date without a time includes its whole day. */
function endOf(date: string): number {
  const time = Date.parse(date);
  return date.length === '2026-01-01'.length ? time + day : time + 1;
}
