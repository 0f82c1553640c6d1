import type { LogEntry, StatsFilter } from '../../contract/stats.ts';
import type { LogStore } from '../store/store.ts';
import { csvLine } from './csv.ts';

/** Rows read at once: only so many are ever held in memory. */
const pageSize = 200;

export type ExportFormat = 'csv' | 'json';

/** The selected rows, newest first, as pieces of a file. Rows that come meanwhile are left out. */
export async function* exportLog(
  logs: LogStore,
  filter: StatsFilter,
  format: ExportFormat,
): AsyncGenerator<string> {
  const write = format === 'csv' ? csvRow : jsonRow;
  yield format === 'csv' ? csvLine(csvColumns) : '[';
  let isFirst = true;
  let before: string | undefined;
  do {
    const page = await logs.page({ ...filter, before, page_size: pageSize });
    yield page.logs.map((entry, index) => write(entry, isFirst && index === 0)).join('');
    isFirst = false;
    before = page.next ?? undefined;
  } while (before !== undefined);
  if (format === 'json') yield '\n]\n';
}

const csvColumns = [
  ...['timestamp', 'vmcp_id', 'client_id', 'client_name', 'method', 'target', 'mcp_server_id'],
  ...['success', 'error', 'duration_ms', 'tools_exposed', 'arguments', 'result', 'log_id'],
];

function csvRow(entry: LogEntry): string {
  const { timestamp, vmcp_id, client_id, client_name, method, target, mcp_server_id } = entry;
  const { success, error, duration_ms, tools_exposed, log_id } = entry;
  return csvLine([
    ...[timestamp, vmcp_id, client_id, client_name, method, target, mcp_server_id],
    ...[success, error, duration_ms, tools_exposed],
    ...[JSON.stringify(entry.arguments), JSON.stringify(entry.result), log_id],
  ]);
}

function jsonRow(entry: LogEntry, isFirst: boolean): string {
  return `${isFirst ? '\n' : ',\n'}${JSON.stringify(entry)}`;
}
