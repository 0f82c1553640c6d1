import initSqlJs from 'sql.js';
import { Database } from '../../src/server/store/database.ts';
import { migrate, migrations } from '../../src/server/store/migrations.ts';
import { writeSnapshot } from '../../src/server/store/snapshotFile.ts';
import { databaseFiles } from '../../src/server/store/storageFiles.ts';
import { type Cleanup, makeTempDir } from '../support/cleanup.ts';
import { addManyRows } from '../support/manyLogRows.ts';
import { Rest } from '../support/rest.ts';
import { startServer } from '../support/server.ts';
import { median, type Report } from './report.ts';

const rows = 50_000;
const day = 86_400_000;

/** The dashboard's answers to a change of filters (figures and a page of the log), with a full log. */
export async function measureDashboard(cleanup: Cleanup, report: Report): Promise<void> {
  const dataDir = await makeTempDir(cleanup);
  await fillLog(dataDir);
  const server = await startServer(cleanup, { dataDir });
  const rest = new Rest(server.url, await server.adminToken());
  const { totals } = await rest.ok('GET', '/api/stats/overview');
  if (totals.calls < rows) throw new Error(`the log holds ${totals.calls} rows only`);
  const times = new Map<string, number>();
  for (const filter of filters()) times.set(filter, await timeFilter(rest, filter));
  const slowest = [...times].sort((one, other) => other[1] - one[1])[0];
  report.check({
    what: `dashboard filter over ${rows} rows, slowest p50 (${slowest?.[0].slice(0, 12) || 'all'})`,
    value: slowest?.[1] ?? Number.NaN,
    unit: 'ms',
    atMost: 200,
  });
}

function filters(): string[] {
  const since = (days: number) => `start_date=${new Date(Date.now() - days * day).toISOString()}`;
  return [
    ...['', 'method=tools/call', `method=tools/call&${since(1)}`, since(7), 'success=false'],
    ...['server_id=server_0', 'vmcp_id=vmcp_1&client_id=client_0', 'tool=files.tool_3'],
    ...['search=handbook', 'search=no such text'],
  ];
}

/** Milliseconds; each search is another one, because the last is remembered. */
async function timeFilter(rest: Rest, filter: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    const asked = filter.startsWith('search=no') ? `${filter} ${round}` : filter;
    const began = performance.now();
    await Promise.all([
      rest.ok('GET', `/api/stats/overview?${asked}`),
      rest.ok('GET', `/api/stats/logs?${asked}`),
    ]);
    times.push(performance.now() - began);
  }
  return median(times);
}

async function fillLog(folder: string): Promise<void> {
  const database = new Database(await initSqlJs());
  migrate(database, migrations, migrations.length);
  addManyRows(database, rows, Date.now());
  writeSnapshot(databaseFiles.snapshot(folder, 1), database.export());
  database.close();
}
