import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { Database } from '../../../src/server/store/database.ts';
import { encodePayload, encodeRecord } from '../../../src/server/store/journalRecords.ts';
import { type LoadedDatabase, loadDatabase } from '../../../src/server/store/loadDatabase.ts';
import { queryOverview } from '../../../src/server/store/logOverview.ts';
import { queryLogs } from '../../../src/server/store/logQuery.ts';
import { idHash, LogPayload } from '../../../src/server/store/logRecord.ts';
import { LogSearch } from '../../../src/server/store/logSearch.ts';
import { defaultLogLimits } from '../../../src/server/store/logTable.ts';
import { packTexts } from '../../../src/server/store/logTexts.ts';
import { type Migration, migrate, migrations } from '../../../src/server/store/migrations.ts';
import { readRecords } from '../../../src/server/store/recordTables.ts';
import { writeSnapshot } from '../../../src/server/store/snapshotFile.ts';
import type { StoreProblem } from '../../../src/server/store/store.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';
import { aLogEntry, aLogRow } from './logEntry.ts';

const newest = migrations.length;

describe('loading a database', () => {
  const cleanup = useCleanup();
  let sql: SqlJsStatic;
  let folder: string;
  let problems: StoreProblem[];

  before(async () => {
    sql = await initSqlJs();
  });
  beforeEach(async () => {
    folder = await makeTempDir(cleanup);
    problems = [];
  });

  function load(steps: readonly Migration[] = migrations): LoadedDatabase {
    const report = (problem: StoreProblem) => problems.push(problem);
    const options = { sql, folder, migrations: steps, limits: defaultLogLimits, report };
    const loaded = loadDatabase(options);
    cleanup.add(() => loaded.database.close());
    return loaded;
  }

  function settings({ database }: LoadedDatabase): Record<string, unknown> {
    const records = readRecords(database).settings;
    return Object.fromEntries(records.map(([id, body]) => [id, JSON.parse(body).value]));
  }

  function put(key: string, value: object): object {
    return { changes: [{ collection: 'settings', put: { key, value } }] };
  }

  async function writeJournal(generation: number, schema: number, ...records: unknown[]) {
    const all = [{ journal: 1, schema }, ...records].map(encodeRecord);
    await writeFile(join(folder, `vmcp.${generation}.journal`), Buffer.concat(all));
  }

  function writeSnapshotOf(generation: number, { database }: LoadedDatabase): void {
    writeSnapshot(join(folder, `vmcp.${generation}.db`), database.export());
  }

  it('makes an empty one of an empty folder', () => {
    const loaded = load();
    assert.deepEqual(settings(loaded), {});
    assert.deepEqual([loaded.generation, loaded.snapshot], [0, undefined]);
  });

  it('replays the journals from the number of the newest snapshot on', async () => {
    await writeJournal(0, newest, put('a', { n: 1 }), put('b', { n: 1 }));
    writeSnapshotOf(1, load());
    await writeJournal(1, newest, put('b', { n: 2 }));
    await writeJournal(2, newest, put('c', { n: 3 }));
    await writeJournal(0, newest, put('a', { n: 99 }));
    const loaded = load();
    assert.deepEqual(settings(loaded), { a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
    assert.deepEqual([loaded.generation, loaded.snapshot], [3, 1]);
    assert.deepEqual(problems, []);
  });

  it('moves a damaged snapshot aside and loses nothing, thanks to the one before', async () => {
    await writeJournal(0, newest, put('a', { n: 1 }));
    writeSnapshotOf(1, load());
    await writeJournal(1, newest, put('b', { n: 2 }));
    writeSnapshotOf(2, load());
    await writeJournal(2, newest, put('c', { n: 3 }));
    const file = join(folder, 'vmcp.2.db');
    const content = await readFile(file);
    for (const damage of [content.subarray(0, 5_000), Buffer.alloc(0), flipped(content, 4_321)]) {
      await writeFile(file, damage);
      problems = [];
      assert.deepEqual(settings(load()), { a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['database_damaged'],
      );
      const names = await readdir(folder);
      assert(!names.includes('vmcp.2.db'));
      assert(names.some((name) => name.startsWith('damaged-')));
    }
  });

  it('sets aside records that cannot be applied, and applies all others', async () => {
    const wrong = [
      { changes: [{ collection: 'unknown', put: {} }] },
      { changes: [{ collection: '__proto__', delete: 'x' }] },
      { changes: [{ collection: 'settings', put: { value: 1 } }] },
      { changes: [put('x', {}), null] },
      { logs: [{ log_id: 'half a row' }] },
      { neither: true },
      'text',
      null,
    ];
    const half = { changes: [...(put('half', {}) as { changes: [] }).changes, 'wrong'] };
    await writeJournal(0, newest, put('a', { n: 1 }), ...wrong, half, put('b', { n: 2 }));
    assert.deepEqual(settings(load()), { a: { n: 1 }, b: { n: 2 } });
    assert.deepEqual(new Set(problems.map(({ code }) => code)), new Set(['record_set_aside']));
    assert.equal(problems.length, wrong.length + 1);
    const lines = (await readFile(join(folder, 'set-aside.jsonl'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(JSON.parse(line).content)),
      [...wrong, half],
    );
  });

  it('sets aside log records whose rows are not what their head tells', async () => {
    const payload = new LogPayload();
    for (const id of ['log_1', 'log_2']) payload.add(aLogRow(id));
    const whole = payload.take().toString();
    const wrong = [
      whole.slice(0, whole.lastIndexOf('\n')),
      `${whole}\n{}`,
      whole.replace('"columns":[0', '"columns":[7'),
      whole.replace('"columns":[0', '"columns":["0"'),
      'no JSON\n{}',
    ];
    const header = encodeRecord({ journal: 1, schema: newest });
    const records = [...wrong, whole].map(encodePayload);
    await writeFile(join(folder, 'vmcp.0.journal'), Buffer.concat([header, ...records]));
    const { database, logs } = load();
    assert.equal(statsOf(database).stats.total_logs, 2);
    assert.equal(logs.get('log_2')?.log_id, 'log_2');
    assert.equal(problems.length, wrong.length);
    const lines = (await readFile(join(folder, 'set-aside.jsonl'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).content),
      wrong,
    );
  });

  it('reports a torn end and leaves it out', async () => {
    await writeJournal(0, newest, put('a', { n: 1 }), put('b', { n: 2 }));
    const file = join(folder, 'vmcp.0.journal');
    await writeFile(file, (await readFile(file)).subarray(0, -3));
    assert.deepEqual(settings(load()), { a: { n: 1 } });
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['journal_torn'],
    );
  });

  it('replays each journal in its schema, migrates once, and keeps the old file', async () => {
    const second: Migration = (database) => {
      database.script(`UPDATE settings SET body = json_set(body, '$.value.migrated', 2)`);
    };
    await writeJournal(0, newest, put('a', {}));
    writeSnapshotOf(1, load());
    const old = await readFile(join(folder, 'vmcp.1.db'));
    await writeJournal(1, newest, put('b', {}));
    await writeJournal(2, newest + 1, put('c', {}));
    const loaded = load([...migrations, second]);
    assert.deepEqual(settings(loaded), { a: { migrated: 2 }, b: { migrated: 2 }, c: {} });
    assert.equal(loaded.database.schema, newest + 1);
    assert.deepEqual(await readFile(join(folder, `schema-${newest}-vmcp.1.db`)), old);
  });

  it('brings the first schema up to the newest, with its log', async () => {
    const rows = ['2026-01-01T08:00:00.123Z', '2026-01-02T08:00:00.000Z'].map((timestamp, index) =>
      aLogEntry(`log_${index}`, {
        timestamp,
        target: null,
        success: index === 0,
        error: 'grün "🙂"',
        arguments: [1.5, { text: 'é\n' }],
        active_config_snapshot: { key: '********' },
      }),
    );
    const old = new Database(sql);
    migrate(old, migrations, 1);
    for (const row of rows) {
      old.run(`INSERT INTO logs VALUES (${Array(16).fill('?').join()})`, [
        ...[row.log_id, Date.parse(row.timestamp), 500, row.client_id, row.client_name],
        ...[row.vmcp_id, row.method, row.target, row.mcp_server_id, row.success ? 1 : 0],
        ...[row.duration_ms, row.tools_exposed, row.error],
        JSON.stringify(row.active_config_snapshot),
        JSON.stringify(row.arguments),
        JSON.stringify(row.result),
      ]);
    }
    old.run('INSERT INTO daily VALUES (?, ?, ?, ?, ?, ?)', [0, 'vmcp_1', 'gone', 'x', 3, 30]);
    writeSnapshot(join(folder, 'vmcp.0.db'), old.export());
    old.close();
    const later = aLogEntry('log_2', { timestamp: '2026-01-03T08:00:00.000Z' });
    await writeJournal(0, 1, put('a', { n: 1 }), { logs: [later] });

    const loaded = load();
    assert.deepEqual(settings(loaded), { a: { n: 1 } });
    assert.equal(loaded.database.schema, newest);
    const { logs, stats } = statsOf(loaded.database);
    assert.deepEqual(logs, [later, ...rows.toReversed()]);
    assert.deepEqual(stats, {
      total_logs: 6,
      active_clients: 2,
      total_tool_calls: 3,
      avg_tools_per_call: 26,
    });
    assert.deepEqual(loaded.logs.get('log_1'), rows[1]);
    assert.deepEqual(problems, []);
  });

  it('brings logs without figures up to the newest schema: their texts tell them', async () => {
    const rows = ['2026-01-01T08:00:00.000Z', '2026-01-02T08:00:00.000Z'].map((timestamp, index) =>
      aLogEntry(`log_${index}`, { timestamp, success: index === 0, duration_ms: 7 }),
    );
    const texts = rows.map((row) => Buffer.from(JSON.stringify(row)));
    const old = new Database(sql);
    migrate(old, migrations, 3);
    old.run("INSERT INTO daily VALUES (1, 0, 'vmcp_1', 'client_1', 'tools/call', 3, 30)");
    old.run(
      "INSERT INTO daily VALUES (2, 1767225600000, 'vmcp_1', 'client_1', 'tools/call', 0, 0)",
    );
    old.run('INSERT INTO log_texts VALUES (1, 1, ?)', [packTexts(texts[0]!)]);
    old.run('INSERT INTO logs VALUES (1, ?, 2, 26, 1, 0, ?, ?)', [
      ...[Date.parse(rows[0]!.timestamp), texts[0]!.length, idHash('log_0')],
    ]);
    writeSnapshot(join(folder, 'vmcp.0.db'), old.export());
    old.close();
    const head = {
      groups: [['vmcp_1', 'client_1', 'tools/call']],
      columns: [0, Date.parse(rows[1]!.timestamp), 26, idHash('log_1')],
    };
    await writeFile(
      join(folder, 'vmcp.0.journal'),
      Buffer.concat([
        encodeRecord({ journal: 1, schema: 3 }),
        encodePayload(`${JSON.stringify(head)}\n${texts[1]}`),
      ]),
    );

    const { database, logs } = load();
    assert.deepEqual(problems, []);
    assert.deepEqual(statsOf(database).logs, rows.toReversed());
    assert.deepEqual(logs.get('log_1'), rows[1]);
    const { totals, tools } = queryOverview(database, {}, new LogSearch(database), Date.now());
    assert.deepEqual([totals.calls, totals.errors, totals.rows], [5, 1, 2]);
    assert.deepEqual(
      tools.map(({ tool, calls, errors }) => [tool, calls, errors]),
      [['everything.echo', 2, 1]],
    );
  });

  it('leaves everything as it is where a migration fails', async () => {
    const failing: Migration = (database) => {
      database.script('DELETE FROM settings; SELECT no_such_function()');
    };
    await writeJournal(0, newest, put('a', {}));
    assert.throws(() => load([...migrations, failing]), /no such function/);
    assert.deepEqual(settings(load()), { a: {} });
  });

  it('refuses what a newer version wrote, and touches nothing', async () => {
    await writeJournal(0, newest + 1, put('a', {}));
    const before = await readFile(join(folder, 'vmcp.0.journal'));
    assert.throws(() => load(), { code: 'newer_database' });
    assert.deepEqual(await readFile(join(folder, 'vmcp.0.journal')), before);
    assert.deepEqual(await readdir(folder), ['vmcp.0.journal']);
  });
});

function statsOf(database: Database) {
  return queryLogs(database, { page: 1, page_size: 10 }, new LogSearch(database));
}

function flipped(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
