import type { LogEntry, LogPageQuery, StatsBody, StatsQuery } from '../../contract/stats.ts';
import type { Database } from './database.ts';
import { filtersOf, narrowed } from './logFilter.ts';
import type { LogSearch } from './logSearch.ts';
import { readEntries } from './logTable.ts';

/** What the log itself knows of an answer to GET /api/stats. */
export type LogStats = {
  stats: Omit<StatsBody['stats'], 'total_vmcps'>;
} & Pick<StatsBody, 'logs' | 'pagination'>;

/** Some rows, newest first, and where the next ones begin; null after the last row. */
export interface LogPage {
  logs: LogEntry[];
  next: string | null;
}

/**
 * Answers a query: one page of rows, newest first, and totals that also count pruned rows, by
 * whole days within the query's dates.
 */
export function queryLogs(database: Database, query: StatsQuery, search: LogSearch): LogStats {
  const { page, page_size } = query;
  const { rows, days, countedOfDay } = filtersOf(query, search);
  const counted = database.first(
    `WITH
       kept AS (SELECT group_id, count(*) AS kept, sum(tools_exposed) AS exposed
                FROM logs ${rows.where} GROUP BY group_id),
       counted AS (SELECT group_id, kept, kept AS rows, exposed FROM kept
         UNION ALL SELECT group_id, 0, ${countedOfDay},
           tools_exposed * 1.0 * ${countedOfDay} / rows
         FROM daily ${narrowed(days, `${countedOfDay} > 0`).where})
     SELECT sum(kept) AS kept, sum(rows) AS rows, count(DISTINCT client_id) AS clients,
       sum(rows) FILTER (WHERE method = 'tools/call') AS calls,
       sum(exposed) FILTER (WHERE method = 'tools/call') AS exposed
     FROM counted JOIN log_groups ON id = group_id`,
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
    ]).map(({ entry }) => entry),
    pagination: {
      page,
      page_size,
      total_pages: Math.ceil(kept / page_size),
      total_items: kept,
    },
  };
}

/** One page of rows; pages are told apart by their rows, so that new rows do not shift them. */
export function queryPage(database: Database, query: LogPageQuery, search: LogSearch): LogPage {
  const { rows } = filtersOf(query, search);
  const before = query.before?.split('.').map(Number);
  const { where, values } = before ? narrowed(rows, '(at, row) < (?, ?)', ...before) : rows;
  const found = readEntries(database, `${where} ORDER BY at DESC, row DESC LIMIT ?`, [
    ...values,
    query.page_size + 1,
  ]);
  const shown = found.slice(0, query.page_size);
  const last = shown.at(-1);
  const isLast = found.length === shown.length || last === undefined;
  return {
    logs: shown.map(({ entry }) => entry),
    next: isLast ? null : `${last.at}.${last.row}`,
  };
}
