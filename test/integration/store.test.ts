import assert from 'node:assert/strict';
import { copyFile, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { ServerRecord } from '../../src/contract/servers.ts';
import { LineLog } from '../../src/server/log.ts';
import type { Change } from '../../src/server/store/records.ts';
import type { Store, StoreProblem } from '../../src/server/store/store.ts';
import { StoreError } from '../../src/server/store/storeError.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { aLogRow } from '../unit/store/logEntry.ts';
import { aServer, buildWorker, openTestStore } from '../unit/store/storeFixture.ts';

describe('store', function () {
  this.timeout(90_000); // a busy machine opens a store in seconds
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let workerFile: string;
  let dataDir: string;

  before(async () => {
    workerFile = await buildWorker(suite);
  });
  beforeEach(async () => {
    dataDir = await makeTempDir(cleanup);
  });

  async function open(): Promise<Store> {
    const store = await openTestStore({ dataDir, workerFile });
    cleanup.add(() => store.close());
    return store;
  }

  /** The real worker, which ends as soon as there is a file `end` beside it. */
  async function mortalWorker(): Promise<{ worker: string; kill: () => Promise<void> }> {
    const folder = await makeTempDir(cleanup);
    const worker = join(folder, 'databaseWorker.js');
    const end = JSON.stringify(join(folder, 'end'));
    const mortal = `const { existsSync, rmSync } = require('node:fs');
      const look = () => existsSync(${end}) && process.exit(rmSync(${end}));
      setInterval(look, 5);`;
    await writeFile(worker, `${await readFile(workerFile, 'utf8')}\n{${mortal}}`);
    await copyFile(join(dirname(workerFile), 'sql-wasm.wasm'), join(folder, 'sql-wasm.wasm'));
    return { worker, kill: () => writeFile(JSON.parse(end), '') };
  }

  it('keeps what was committed and logged over a restart', async () => {
    const first = await open();
    await first.commit([
      { collection: 'servers', put: aServer('server_1') },
      { collection: 'servers', put: aServer('server_2') },
    ]);
    await first.commit([
      { collection: 'servers', delete: 'server_1' },
      { collection: 'settings', put: { key: 'port', value: { port: 8000 } } },
    ]);
    first.logs.append([aLogRow('log_1')]);
    await first.close();

    const second = await open();
    assert.deepEqual([...second.collections.servers.all()], [aServer('server_2')]);
    assert.deepEqual(second.collections.settings.get('port')?.value, { port: 8000 });
    assert.equal((await second.logs.get('log_1'))?.target, 'everything.echo');
    assert.deepEqual(second.problems, []);
  });

  it('answers statistics of what was just logged', async () => {
    const store = await open();
    store.logs.append([aLogRow('log_1'), aLogRow('log_2', { method: 'tools/list' })]);
    const answer = await eventually(async () => {
      const found = await store.logs.query({ page: 1, page_size: 10 });
      return found.total_logs === 2 ? found : undefined;
    });
    assert.equal(answer.total_tool_calls, 1);
    assert.equal(answer.avg_tools_per_call, 26);
    assert.equal(answer.active_clients, 1);
    assert.deepEqual(
      answer.logs.map((each) => each.log_id),
      ['log_2', 'log_1'],
    );
  });

  it('keeps the journals of the first snapshot until there is a second one', async () => {
    const store = await open();
    await store.commit([{ collection: 'servers', put: aServer('server_1') }]);
    await store.close();
    assert.deepEqual((await readdir(dataDir)).sort(), ['vmcp.0.journal', 'vmcp.1.db']);
  });

  it('shows changes at once, and as they were written whatever happens to the object later', async () => {
    const store = await open();
    const written = store.commit([{ collection: 'servers', put: aServer('server_1', 'before') }]);
    assert.equal(store.collections.servers.get('server_1')?.description, 'before');
    assert.equal(store.collections.servers.size, 1);
    await written;
  });

  it('equals a plain map after any sequence of writes, whenever it is read from the disk', async () => {
    const keys = fc.constantFrom('a', 'b', 'c', 'd');
    const change = fc.oneof(
      fc.record({ key: keys, n: fc.integer() }),
      fc.record({ key: keys, n: fc.constant(undefined) }),
    );
    const step = fc.record({
      commits: fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 8 }),
      end: fc.constantFrom('close' as const, 'copy' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), async (steps) => {
        let folder = await makeTempDir(cleanup);
        const model = new Map<string, number>();
        let store = await openTestStore({ dataDir: folder, workerFile });
        for (const { commits, end } of steps) {
          await Promise.all(commits.map((commit) => store.commit(commit.map(toChange))));
          for (const { key, n } of commits.flat()) {
            if (n === undefined) model.delete(key);
            else model.set(key, n);
          }
          assert.deepEqual(settingsOf(store), model);
          // A copy of the files is what a killed process leaves behind.
          const copy = await makeTempDir(cleanup);
          if (end === 'copy') await cp(folder, copy, { recursive: true });
          await store.close();
          if (end === 'copy') folder = copy;
          store = await openTestStore({ dataDir: folder, workerFile });
          assert.deepEqual(settingsOf(store), model);
          assert.deepEqual(store.problems, []);
        }
        await store.close();
      }),
      { numRuns: 5 },
    );
  });

  it('makes a snapshot of 8 MiB of journal, and keeps the one before with its journal', async () => {
    const store = await open();
    const value = { padding: 'x'.repeat(3 * 1024 * 1024) };
    for (const expected of [
      ['vmcp.0.journal', 'vmcp.1.db'],
      ['vmcp.1.db', 'vmcp.1.journal', 'vmcp.2.db'],
      ['vmcp.2.db', 'vmcp.2.journal', 'vmcp.3.db'],
    ]) {
      for (const key of ['a', 'b', 'c']) {
        await store.commit([{ collection: 'settings', put: { key, value } }]);
      }
      const files = async () => (await readdir(dataDir)).sort().join();
      await eventually(async () => (await files()) === expected.join(), {
        what: expected.join(),
        timeoutMs: 20_000,
      });
    }
    await store.close();
    assert.equal((await open()).collections.settings.size, 3);
  });

  it('writes nothing more, and puts no snapshot in place, once another server has the folder', async () => {
    let ours = true;
    const problems: StoreProblem[] = [];
    const store = await openTestStore({
      dataDir,
      workerFile,
      instanceStillOurs: () => ours,
      onProblem: (problem) => problems.push(problem),
    });
    await store.commit([{ collection: 'servers', put: aServer('server_1') }]);
    ours = false;
    await store.close();
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['lock_lost'],
    );
    assert.deepEqual(await readdir(dataDir), ['vmcp.0.journal']);
    await assert.rejects(store.commit([{ collection: 'servers', delete: 'server_1' }]), StoreError);
    assert.equal(store.collections.servers.size, 1);
  });

  it('sets a record aside that no longer has the shape of its collection', async () => {
    const first = await open();
    const wrong = { ...aServer('server_2'), enabled: 'yes' } as unknown as ServerRecord;
    await first.commit([
      { collection: 'servers', put: aServer('server_1') },
      { collection: 'servers', put: wrong },
    ]);
    await first.close();
    const second = await open();
    assert.deepEqual([...second.collections.servers.all()], [aServer('server_1')]);
    assert.deepEqual(
      second.problems.map(({ code }) => code),
      ['record_set_aside'],
    );
    const kept = await readFile(join(dataDir, 'set-aside.jsonl'), 'utf8');
    assert.deepEqual(JSON.parse(JSON.parse(kept).content), wrong);
    await second.close();
    assert.deepEqual((await open()).problems, []);
  });

  it('acknowledges a write within 5 ms with the log at its caps', async () => {
    const store = await open();
    for (let sent = 0; sent < 50_500; sent += 500) {
      const rows = Array.from({ length: 500 }, (_, n) => aLogRow(`log_${sent + n}`));
      store.logs.append(rows);
      await setImmediate();
    }
    const counted = await eventually(
      async () => {
        const found = await store.logs.query({ page: 1, page_size: 1 });
        return found.total_logs === 50_500 ? found : undefined;
      },
      { timeoutMs: 20_000 },
    );
    assert.equal(counted.pagination.total_items, 50_000, 'pruned rows still count, but are gone');
    const times: number[] = [];
    for (let n = 0; n < 101; n++) {
      store.logs.append([aLogRow(`more_${n}`)]);
      const started = performance.now();
      await store.commit([{ collection: 'servers', put: aServer('server_1', String(n)) }]);
      times.push(performance.now() - started);
    }
    const median = times.sort((a, b) => a - b)[50] ?? Number.NaN;
    assert(median <= 5, `${median} ms`);
  });

  it('removes what a killed process left half written', async () => {
    const leftovers = ['vmcp.3.db.tmp', 'secrets.json.1234.tmp', 'server.json.1234.tmp'];
    for (const name of leftovers) await writeFile(join(dataDir, name), 'half');
    await open();
    assert.deepEqual(await readdir(dataDir), []);
  });

  it('takes nothing more once it is closed', async () => {
    const store = await open();
    await store.close();
    store.logs.append([aLogRow('log_1')]);
    await assert.rejects(store.commit([{ collection: 'servers', delete: 'x' }]), {
      code: 'closed',
    });
    await assert.rejects(store.logs.get('log_1'), StoreError);
    assert.deepEqual(await readdir(dataDir), []);
  });

  it('starts a worker again that died, with all that was written before and meanwhile', async () => {
    const { worker, kill } = await mortalWorker();
    const lines: string[] = [];
    const log = new LineLog('info', (line) => lines.push(line));
    const store = await openTestStore({
      dataDir,
      workerFile: worker,
      log,
      restartPauses: [0, 0, 0],
    });
    cleanup.add(() => store.close());
    const loggedTotal = async () => (await store.logs.query({ page: 1, page_size: 1 })).total_logs;
    for (const life of [1, 2, 3]) {
      const deaths = () => lines.filter((line) => /worker ended/.test(line)).length;
      store.logs.append([aLogRow(`log_before_${life}`)]);
      await store.commit([{ collection: 'servers', put: aServer(`server_${life}`) }]);
      await kill();
      await eventually(
        () => {
          store.logs.append([aLogRow(`log_meanwhile_${life}_${performance.now()}`)]);
          return deaths() === life;
        },
        { timeoutMs: 20_000, what: `death ${life}` },
      );
      await store.commit([{ collection: 'servers', put: aServer(`server_${life}`, 'meanwhile') }]);
      assert(await loggedTotal()); // waits for the next worker
    }
    assert.deepEqual(store.problems, []);
    const total = await loggedTotal();
    await store.close();

    const again = await open();
    const answer = await again.logs.query({ page: 1, page_size: 10_000 });
    assert.equal(answer.total_logs, total, 'each row is there once, and stays');
    const ids = new Set(answer.logs.map(({ log_id }) => log_id));
    assert.equal(ids.size, total);
    assert(['log_before_1', 'log_before_2', 'log_before_3'].every((id) => ids.has(id)));
    const servers = [1, 2, 3].map((life) => aServer(`server_${life}`, 'meanwhile'));
    assert.deepEqual([...again.collections.servers.all()], servers);
  });

  it('goes on writing configuration where no worker lives', async () => {
    const { worker, kill } = await mortalWorker();
    const store = await openTestStore({ dataDir, workerFile: worker, restartPauses: [0, 10] });
    await writeFile(worker, 'process.exit(3)');
    await kill();
    const isTold = () => store.problems.some(({ code }) => code === 'worker_failed');
    await eventually(isTold, { timeoutMs: 20_000, what: 'the problem' });
    await store.commit([{ collection: 'servers', put: aServer('server_1') }]);
    await assert.rejects(store.logs.query({ page: 1, page_size: 1 }), { code: 'worker_failed' });
    await store.close();
    assert.equal((await open()).collections.servers.size, 1);
  });

  it('says what is wrong where the worker cannot start', async () => {
    await assert.rejects(openTestStore({ dataDir, workerFile: join(dataDir, 'none.js') }), {
      code: 'worker_failed',
      message: /none\.js/,
    });
  });
});

function toChange({ key, n }: { key: string; n: number | undefined }): Change {
  const collection = 'settings';
  return n === undefined ? { collection, delete: key } : { collection, put: { key, value: { n } } };
}

function settingsOf(store: Store): Map<string, unknown> {
  return new Map([...store.collections.settings.all()].map(({ key, value }) => [key, value.n]));
}
