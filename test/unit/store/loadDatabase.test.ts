import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { encodeRecord } from '../../../src/server/store/journalRecords.ts';
import { type LoadedDatabase, loadDatabase } from '../../../src/server/store/loadDatabase.ts';
import { defaultLogLimits } from '../../../src/server/store/logTable.ts';
import { type Migration, migrations as released } from '../../../src/server/store/migrations.ts';
import { readRecords } from '../../../src/server/store/recordTables.ts';
import { writeSnapshot } from '../../../src/server/store/snapshotFile.ts';
import type { StoreProblem } from '../../../src/server/store/store.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';

/** Schema 1, as if it were the newest. */
const migrations = released.slice(0, 1);

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
    await writeJournal(0, 1, put('a', { n: 1 }), put('b', { n: 1 }));
    writeSnapshotOf(1, load());
    await writeJournal(1, 1, put('b', { n: 2 }));
    await writeJournal(2, 1, put('c', { n: 3 }));
    await writeJournal(0, 1, put('a', { n: 99 }));
    const loaded = load();
    assert.deepEqual(settings(loaded), { a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
    assert.deepEqual([loaded.generation, loaded.snapshot], [3, 1]);
    assert.deepEqual(problems, []);
  });

  it('moves a damaged snapshot aside and loses nothing, thanks to the one before', async () => {
    await writeJournal(0, 1, put('a', { n: 1 }));
    writeSnapshotOf(1, load());
    await writeJournal(1, 1, put('b', { n: 2 }));
    writeSnapshotOf(2, load());
    await writeJournal(2, 1, put('c', { n: 3 }));
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
    await writeJournal(0, 1, put('a', { n: 1 }), ...wrong, half, put('b', { n: 2 }));
    assert.deepEqual(settings(load()), { a: { n: 1 }, b: { n: 2 } });
    assert.deepEqual(new Set(problems.map(({ code }) => code)), new Set(['record_set_aside']));
    assert.equal(problems.length, wrong.length + 1);
    const lines = (await readFile(join(folder, 'set-aside.jsonl'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(JSON.parse(line).content)),
      [...wrong, half],
    );
  });

  it('reports a torn end and leaves it out', async () => {
    await writeJournal(0, 1, put('a', { n: 1 }), put('b', { n: 2 }));
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
    await writeJournal(0, 1, put('a', {}));
    writeSnapshotOf(1, load());
    const old = await readFile(join(folder, 'vmcp.1.db'));
    await writeJournal(1, 1, put('b', {}));
    await writeJournal(2, 2, put('c', {}));
    const loaded = load([...migrations, second]);
    assert.deepEqual(settings(loaded), { a: { migrated: 2 }, b: { migrated: 2 }, c: {} });
    assert.equal(loaded.database.schema, 2);
    assert.deepEqual(await readFile(join(folder, 'schema-1-vmcp.1.db')), old);
  });

  it('brings the first schema up to the newest', async () => {
    await writeJournal(0, 1, put('a', { n: 1 }));
    const loaded = load(released);
    assert.deepEqual(settings(loaded), { a: { n: 1 } });
    assert.equal(loaded.database.schema, released.length);
  });

  it('leaves everything as it is where a migration fails', async () => {
    const failing: Migration = (database) => {
      database.script('DELETE FROM settings; SELECT no_such_function()');
    };
    await writeJournal(0, 1, put('a', {}));
    assert.throws(() => load([...migrations, failing]), /no such function/);
    assert.deepEqual(settings(load()), { a: {} });
  });

  it('refuses what a newer version wrote, and touches nothing', async () => {
    await writeJournal(0, 2, put('a', {}));
    const before = await readFile(join(folder, 'vmcp.0.journal'));
    assert.throws(() => load(), { code: 'newer_database' });
    assert.deepEqual(await readFile(join(folder, 'vmcp.0.journal')), before);
    assert.deepEqual(await readdir(folder), ['vmcp.0.journal']);
  });
});

function flipped(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
