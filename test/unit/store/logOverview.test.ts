import assert from 'node:assert/strict';
import fc from 'fast-check';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import type { LogEntry, StatsFilter } from '../../../src/contract/stats.ts';
import { Database } from '../../../src/server/store/database.ts';
import { binOf, millisecondsOf } from '../../../src/server/store/durationBins.ts';
import { queryOverview } from '../../../src/server/store/logOverview.ts';
import { queryPage } from '../../../src/server/store/logQuery.ts';
import { LogPayload, logRowOf, readLogPayload } from '../../../src/server/store/logRecord.ts';
import { LogSearch } from '../../../src/server/store/logSearch.ts';
import { defaultLogLimits, LogTable } from '../../../src/server/store/logTable.ts';
import { migrate, migrations } from '../../../src/server/store/migrations.ts';
import { timeBuckets } from '../../../src/server/store/timeBuckets.ts';
import { queryToolUse } from '../../../src/server/store/toolUse.ts';
import { addManyRows } from '../../support/manyLogRows.ts';
import { aLogEntry } from './logEntry.ts';

const now = Date.parse('2026-03-10T12:00:00.000Z');
const hour = 3_600_000;

describe('log overview', () => {
  let sql: SqlJsStatic;
  let database: Database;
  let table: LogTable;
  let search: LogSearch;

  before(async () => {
    sql = await initSqlJs();
  });
  beforeEach(() => {
    database = new Database(sql);
    migrate(database, migrations, migrations.length);
    table = new LogTable(database, defaultLogLimits);
    search = new LogSearch(database);
  });
  afterEach(() => database.close());

  function insert(...entries: Partial<LogEntry>[]): void {
    const payload = new LogPayload();
    entries.forEach((entry, index) => {
      payload.add(logRowOf(aLogEntry(`log_${index}`, { timestamp: ago(1), ...entry })));
    });
    const record = readLogPayload(payload.take());
    assert.ok(record);
    table.insert(record);
  }

  function ago(hours: number): string {
    return new Date(now - hours * hour).toISOString();
  }

  function overview(filter: StatsFilter = {}) {
    return queryOverview(database, filter, search, now);
  }

  function found(filter: StatsFilter): string[] {
    const { logs } = queryPage(database, { ...filter, page_size: 50 }, search);
    return logs.map(({ log_id }) => log_id);
  }

  /** So that everything before is known by its sums only. */
  function prune(): void {
    table.setLimits({ rows: 0 });
    while (table.prune(now));
  }

  it('of nothing is empty, and its time is not', () => {
    const { totals, buckets, tools, rows_since } = overview();
    assert.deepEqual(totals, {
      ...{ calls: 0, errors: 0, p50_ms: null, p95_ms: null, clients: 0, rows: 0 },
    });
    assert.deepEqual([buckets.length, tools, rows_since], [1, [], null]);
  });

  it('adds up by tool, server, client, vMCP and method, busiest first', () => {
    insert(
      { target: 'a.one', duration_ms: 10 },
      { target: 'a.one', duration_ms: 1000, success: false, timestamp: ago(0) },
      { target: 'b.two', mcp_server_id: 'server_2', client_id: 'client_2', client_name: 'other' },
      { target: 'vmcp.own', mcp_server_id: null, vmcp_id: 'vmcp_2' },
      { target: 'no_such_tool', mcp_server_id: null, success: false },
      { method: 'tools/list', target: null, mcp_server_id: null },
    );
    const { totals, tools, servers, clients, vmcps, methods } = overview();
    assert.deepEqual([totals.calls, totals.errors, totals.clients, totals.rows], [6, 2, 2, 6]);
    assert.deepEqual(
      tools.map((each) => [each.server_id, each.tool, each.calls, each.errors]),
      [
        ['server_1', 'a.one', 2, 1],
        ['server_2', 'b.two', 1, 0],
        ['vmcp', 'vmcp.own', 1, 0],
      ],
    );
    assert.equal(tools[0]?.last_used, ago(0));
    assert.deepEqual(
      servers.map((each) => [each.server_id, each.calls]),
      [
        ['server_1', 2],
        ['server_2', 1],
        ['vmcp', 1],
      ],
    );
    assert.deepEqual(
      clients.map((each) => [each.client_name, each.calls]),
      [
        ['test', 5],
        ['other', 1],
      ],
    );
    assert.deepEqual(
      vmcps.map((each) => [each.vmcp_id, each.calls]),
      [
        ['vmcp_1', 5],
        ['vmcp_2', 1],
      ],
    );
    assert.deepEqual(
      methods.map((each) => [each.method, each.calls]),
      [
        ['tools/call', 5],
        ['tools/list', 1],
      ],
    );
  });

  it('tells percentiles to 3 %', () => {
    insert(...Array.from({ length: 100 }, (_, index) => ({ duration_ms: index + 1 })));
    const { p50_ms, p95_ms } = overview().totals;
    assert.ok(Math.abs((p50_ms ?? 0) - 50) <= 1.5, String(p50_ms));
    assert.ok(Math.abs((p95_ms ?? 0) - 95) <= 2.9, String(p95_ms));
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 36_000_000_00 }), (duration) => {
        const shown = millisecondsOf(binOf(duration)) * 1000;
        assert.ok(Math.abs(shown - duration) <= duration * 0.03, `${duration} ${shown}`);
      }),
    );
  });

  it('puts every row of the range into one bucket, also at its edges', () => {
    insert({ timestamp: ago(24) }, { timestamp: ago(23.99) }, { timestamp: ago(0) });
    const { buckets, bucket_ms, start, end } = overview({ start_date: ago(24) });
    assert.equal(bucket_ms, 15 * 60_000);
    assert.equal(start, ago(24));
    assert.ok(Date.parse(end) > now);
    assert.equal(buckets.length, 97);
    assert.deepEqual(
      buckets.flatMap(({ calls }, index) => (calls > 0 ? [[index, calls]] : [])),
      [
        [0, 2],
        [96, 1],
      ],
    );
  });

  it('keeps counting pruned rows, with their failures and durations, by whole days', () => {
    const yesterday = '2026-03-09T08:00:00.000Z';
    insert(
      { timestamp: yesterday, duration_ms: 10, target: 'a.one' },
      { timestamp: yesterday, duration_ms: 20, target: 'a.one', success: false },
      { timestamp: yesterday, method: 'tools/list', target: null },
    );
    const before = overview();
    prune();
    const after = overview();
    assert.equal(after.bucket_ms, 24 * hour);
    assert.equal(after.totals.rows, 0);
    assert.equal(after.rows_since, null);
    assert.deepEqual({ ...after.totals, rows: 3 }, before.totals);
    const midnight = '2026-03-09T00:00:00.000Z'; // the hour is no longer known
    assert.deepEqual(
      after.tools,
      before.tools.map((tool) => ({ ...tool, last_used: midnight })),
    );
    assert.equal(overview({ success: false }).totals.calls, 1);
    assert.equal(overview({ success: true }).totals.calls, 2);
    assert.equal(overview({ success: true }).totals.errors, 0);
    assert.equal(overview({ tool: 'a.one' }).totals.calls, 2);
    assert.equal(overview({ start_date: '2026-03-09T01:00:00Z' }).totals.calls, 0);
    assert.equal(overview({ search: 'hello' }).totals.calls, 0);
    insert({ timestamp: yesterday, duration_ms: 30, target: 'a.one' });
    prune();
    assert.equal(overview({ tool: 'a.one' }).tools[0]?.calls, 3);
  });

  it('finds text in names, errors, arguments and results, and nowhere else', () => {
    insert(
      { arguments: { path: 'Grün "quoted"' } },
      { result: { content: [{ type: 'text', text: 'over the hills' }] } },
      { error: 'it exploded', success: false },
      { target: 'files.write' },
      { client_name: 'Hal', active_config_snapshot: { secretive: 'exploded' } },
    );
    assert.deepEqual(found({ search: 'grün "QUOTED"' }), ['log_0']);
    assert.deepEqual(found({ search: 'the hills' }), ['log_1']);
    assert.deepEqual(found({ search: 'EXPLODED' }), ['log_2']);
    assert.deepEqual(found({ search: 'files.w' }), ['log_3']);
    assert.deepEqual(found({ search: 'hal' }), ['log_4']);
    for (const key of ['duration_ms', 'error', 'snapshot', 'log_1', 'nowhere', "x' OR '1'='1"]) {
      assert.deepEqual(found({ search: key }), [], key);
    }
    insert({ arguments: 'the hills again', timestamp: ago(0) });
    assert.deepEqual(found({ search: 'the hills' }), ['log_0', 'log_1']);
    assert.equal(overview({ search: 'the hills' }).totals.calls, 2);
    assert.deepEqual(found({ search: 'the hills', success: false }), []);
  });

  it('pages stay as they are while rows are added', () => {
    insert(...Array.from({ length: 5 }, () => ({ timestamp: ago(1) })));
    const first = queryPage(database, { page_size: 2 }, search);
    insert({ timestamp: ago(0) }, { timestamp: ago(1) });
    const ids = [...first.logs];
    let { next } = first;
    while (next) {
      const page = queryPage(database, { page_size: 2, before: next }, search);
      ids.push(...page.logs);
      next = page.next;
    }
    assert.deepEqual(
      ids.map(({ log_id }) => log_id),
      ['log_4', 'log_3', 'log_2', 'log_1', 'log_0'],
    );
  });

  it('knows which tools were ever called, and since when', () => {
    assert.deepEqual(queryToolUse(database), { used: [], since: undefined });
    insert(
      { timestamp: '2026-03-09T08:00:00.000Z', target: 'a.one' },
      { target: 'a.two', method: 'prompts/get' },
    );
    const used = [{ vmcpId: 'vmcp_1', serverId: 'server_1', tool: 'a.one' }];
    const since = Date.parse('2026-03-09T08:00:00.000Z');
    assert.deepEqual(queryToolUse(database), { used, since });
    prune();
    assert.deepEqual(queryToolUse(database), { used, since: Date.parse('2026-03-09') });
  });

  it('of 50,000 rows takes less than 200 ms of its thread a filter', () => {
    addManyRows(database, 50_000, now);
    const answer = (filter: StatsFilter) => {
      assert.ok(overview(filter).totals.calls > 0);
      queryPage(database, { ...filter, page_size: 50 }, search);
    };
    const filters: StatsFilter[] = [
      {},
      { method: 'tools/call', start_date: ago(24 * 7) },
      { tool: 'files.tool_3', success: false },
      { search: 'handbook' },
    ];
    for (const filter of filters) {
      // The best of a few, in processor time: other programs on a busy machine do not count.
      const took = Math.min(...[1, 2, 3, 4].map(() => processorMs(() => answer(filter))));
      assert.ok(took < 200, `${JSON.stringify(filter)} took ${took} ms`);
    }
  });
});

/** How long the work kept its thread busy. */
function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('time buckets', () => {
  it('are at most 100 of a usual width, for any range', () => {
    fc.assert(
      fc.property(fc.nat(now), fc.nat(10 * 365 * 24 * hour), (start, length) => {
        const { start: first, width, count } = timeBuckets(start, start + length);
        assert.ok(count >= 1 && count <= 100);
        assert.ok(first <= start && first + width > start);
        assert.ok(first + width * count >= start + length);
        assert.equal(first % width, 0);
      }),
    );
  });

  it('are minutes for an hour, quarters for a day, and days where only days are known', () => {
    const widthOf = (length: number, least?: number) =>
      timeBuckets(now - length, now, least).width / 60_000;
    assert.deepEqual(
      [hour, 24 * hour, 7 * 24 * hour].map((length) => widthOf(length)),
      [1, 15, 120],
    );
    assert.equal(widthOf(24 * hour, 24 * hour), 24 * 60);
  });
});
