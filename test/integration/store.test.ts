import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import type { Store } from '../../src/server/store/store.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { aLogEntry, aServer, buildWorker, openTestStore } from '../unit/store/storeFixture.ts';

describe('store', function () {
  this.timeout(30_000);
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
    first.logs.append([aLogEntry('log_1')]);
    await first.close();

    const second = await open();
    assert.deepEqual([...second.collections.servers.all()], [aServer('server_2')]);
    assert.deepEqual(second.collections.settings.get('port')?.value, { port: 8000 });
    assert.equal((await second.logs.get('log_1'))?.target, 'everything.echo');
    assert.deepEqual(second.problems, []);
  });

  it('answers statistics of what was just logged', async () => {
    const store = await open();
    store.logs.append([aLogEntry('log_1'), aLogEntry('log_2', { method: 'tools/list' })]);
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
});
