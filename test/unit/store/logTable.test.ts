import assert from 'node:assert/strict';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import type { LogEntry, StatsQuery } from '../../../src/contract/stats.ts';
import { Database } from '../../../src/server/store/database.ts';
import { queryLogs } from '../../../src/server/store/logQuery.ts';
import { LogPayload, logRowOf, readLogPayload } from '../../../src/server/store/logRecord.ts';
import { LogSearch } from '../../../src/server/store/logSearch.ts';
import { type LogLimits, LogTable } from '../../../src/server/store/logTable.ts';
import { migrate, migrations } from '../../../src/server/store/migrations.ts';
import { aLogEntry } from './logEntry.ts';

describe('log', () => {
  const limits: LogLimits = { rows: 50_000, days: 30, bytes: 24 * 1024 * 1024 };
  const now = Date.parse('2026-03-10T12:00:00.000Z');
  let sql: SqlJsStatic;
  let database: Database;

  before(async () => {
    sql = await initSqlJs();
  });
  beforeEach(() => {
    database = new Database(sql);
    migrate(database, migrations, migrations.length);
  });
  afterEach(() => database.close());

  function at(timestamp: string, id = timestamp, changes: Partial<LogEntry> = {}): LogEntry {
    return aLogEntry(id, { timestamp, ...changes });
  }

  function insert(table: LogTable, entries: LogEntry[]): void {
    const payload = new LogPayload();
    for (const entry of entries) payload.add(logRowOf(entry));
    const record = readLogPayload(payload.take());
    assert(record);
    table.insert(record);
  }

  function query(changes: Partial<StatsQuery> = {}) {
    const asked = { page: 1, page_size: 50, ...changes };
    return queryLogs(database, asked, new LogSearch(database));
  }

  function ids(changes: Partial<StatsQuery> = {}): string[] {
    return query(changes).logs.map((each) => each.log_id);
  }

  it('gives back what was recorded', () => {
    const entry = at('2026-03-10T08:00:00.123Z', 'log_1', {
      target: null,
      mcp_server_id: null,
      success: false,
      error: 'it failed 🙂',
      arguments: { list: [1, null, 'x'], truncated: true },
      result: null,
      active_config_snapshot: { key: '********' },
      duration_ms: 0.25,
    });
    const table = new LogTable(database, limits);
    insert(table, [entry]);
    assert.deepEqual(table.get('log_1'), entry);
    assert.deepEqual(query().logs, [entry]);
    assert.equal(table.get('log_2'), undefined);
  });

  it('is told newest first, by page', () => {
    const table = new LogTable(database, limits);
    const times = ['2026-03-10T08:00:00.000Z', '2026-03-10T09:00:00.000Z'];
    insert(table, [at(times[1]!, 'c'), at(times[0]!, 'a'), at(times[0]!, 'b')]);
    assert.deepEqual(ids(), ['c', 'b', 'a']);
    assert.deepEqual(ids({ page: 2, page_size: 2 }), ['a']);
    assert.deepEqual(query({ page: 2, page_size: 2 }).pagination, {
      page: 2,
      page_size: 2,
      total_pages: 2,
      total_items: 3,
    });
    assert.deepEqual(ids({ page: 3, page_size: 2 }), []);
  });

  it('is filtered by vMCP, client, method and dates', () => {
    const table = new LogTable(database, limits);
    insert(table, [
      at('2026-03-09T23:59:59.999Z', 'a', { vmcp_id: 'vmcp_2' }),
      at('2026-03-10T00:00:00.000Z', 'b', { client_id: 'client_2' }),
      at('2026-03-10T23:59:59.999Z', 'c', { method: 'tools/list' }),
      at('2026-03-11T00:00:00.000Z', 'd'),
    ]);
    assert.deepEqual(ids({ vmcp_id: 'vmcp_2' }), ['a']);
    assert.deepEqual(ids({ client_id: 'client_2' }), ['b']);
    assert.deepEqual(ids({ method: 'tools/list' }), ['c']);
    assert.deepEqual(ids({ start_date: '2026-03-10', end_date: '2026-03-10' }), ['c', 'b']);
    assert.deepEqual(ids({ end_date: '2026-03-10T00:00:00.000Z' }), ['b', 'a']);
    assert.deepEqual(ids({ start_date: '2026-03-11T01:00:00.000+01:00' }), ['d']);
    assert.deepEqual(ids({ vmcp_id: "x' OR '1'='1" }), []);
  });

  it('counts calls, clients and the mean of tools exposed at calls', () => {
    const table = new LogTable(database, limits);
    assert.deepEqual(query().stats, {
      total_logs: 0,
      active_clients: 0,
      total_tool_calls: 0,
      avg_tools_per_call: 0,
    });
    insert(table, [
      at('2026-03-10T08:00:00.000Z', 'a', { tools_exposed: 10 }),
      at('2026-03-10T08:00:00.000Z', 'b', { tools_exposed: 15, client_id: 'client_2' }),
      at('2026-03-10T08:00:00.000Z', 'c', { tools_exposed: 99, method: 'tools/list' }),
    ]);
    assert.deepEqual(query().stats, {
      total_logs: 3,
      active_clients: 2,
      total_tool_calls: 2,
      avg_tools_per_call: 12.5,
    });
  });

  it('is pruned to its caps in portions, oldest first, by rows, age and size', () => {
    const fill = () => {
      database.script('DELETE FROM logs; DELETE FROM log_texts; DELETE FROM daily');
      const table = new LogTable(database, limits);
      const entries = Array.from({ length: 1_200 }, (_, index) =>
        at(new Date(now - (1_200 - index) * 60_000).toISOString(), `log_${index}`),
      );
      insert(table, entries);
      return table;
    };
    const caps = [
      { rows: 100 },
      { days: 100 / (24 * 60) },
      {
        bytes:
          100 *
          (50 + Number(fill() && database.first('SELECT max(length) AS length FROM logs').length)),
      },
    ];
    for (const cap of caps) {
      const table = fill();
      table.setLimits(cap);
      let portions = 1;
      while (table.prune(now)) portions += 1;
      assert.equal(portions, 3);
      assert.equal(query().pagination.total_items, 100);
      assert.equal(ids()[0], 'log_1199');
      assert.equal(table.get('log_1099'), undefined);
    }
  });

  it('keeps counting pruned rows, under every filter, by whole days', () => {
    const table = new LogTable(database, limits);
    insert(table, [
      at('2026-01-01T08:00:00.000Z', 'a', { tools_exposed: 10, client_id: 'client_2' }),
      at('2026-01-01T09:00:00.000Z', 'b', { tools_exposed: 20, client_id: 'client_2' }),
      at('2026-01-02T08:00:00.000Z', 'c', { method: 'tools/list', vmcp_id: 'vmcp_2' }),
      at('2026-03-10T08:00:00.000Z', 'd', { tools_exposed: 30 }),
    ]);
    const filters: Partial<StatsQuery>[] = [
      {},
      { client_id: 'client_2' },
      { vmcp_id: 'vmcp_2' },
      { method: 'tools/call' },
      { start_date: '2026-01-02' },
      { end_date: '2026-01-01' },
      { start_date: '2026-01-01', end_date: '2026-01-01' },
    ];
    const before = filters.map((filter) => query(filter).stats);
    assert.equal(before[0]?.total_logs, 4);
    assert.equal(table.prune(now), false);
    assert.deepEqual(ids(), ['d']);
    assert.deepEqual(
      filters.map((filter) => query(filter).stats),
      before,
    );
    assert.equal(query({ start_date: '2026-01-01T08:30:00Z' }).stats.total_logs, 2);
  });
});
