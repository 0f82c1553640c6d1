import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { Rig } from '../fixtures/upstream/rig.ts';
import { eventually } from '../support/eventually.ts';

const everything = resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');

describe('the catalog of a server', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());

  const toolNames = (id: string) => rig.upstreams.catalog(id)?.tools.map(({ name }) => name) ?? [];
  const reported = (id: string) =>
    rig.events.filter((event) => event.type === 'server.catalog' && event.server_id === id).length;

  it('holds all pages of all lists as the server said them', async () => {
    const id = rig.addOdd();
    assert(rig.upstreams.isStale(id));
    const catalog = await rig.upstreams.refresh(id);
    assert(!rig.upstreams.isStale(id));
    assert.equal(toolNames(id).at(-1), 'changeTools');
    assert.deepEqual(catalog.tools[0], {
      name: 'echo',
      inputSchema: { type: 'object' },
      'x-unknown': 'echo',
    });
    assert.deepEqual(catalog.resources, [{ uri: 'odd://one', name: 'one' }]);
    assert.deepEqual(catalog.server_info, { name: 'odd', version: '1.0.0', 'x-unknown': true });
    assert.equal(catalog.instructions, 'Handle with care.');
    assert.deepEqual([catalog.asks_roots, catalog.asks_clients], [false, false]);
  });

  it('is reported when it changed, and only then', async () => {
    const id = rig.addOdd();
    await Promise.all([rig.upstreams.refresh(id), rig.upstreams.refresh(id)]);
    await rig.upstreams.refresh(id);
    assert.equal(reported(id), 1);
    await rig.client('a').call(id, 'changeTools');
    await eventually(() => toolNames(id).length === 1);
    assert.equal(reported(id), 2);
  });

  it('is stale when the configuration or a secret changed', async () => {
    const id = rig.addOdd();
    await rig.upstreams.refresh(id);
    rig.change(id, { description: 'told otherwise' });
    assert(!rig.upstreams.isStale(id));
    rig.memory.secretValues.set(`server/${id}/env/KEY`, 'new');
    rig.change(id, {});
    assert(rig.upstreams.isStale(id));
    await rig.upstreams.refresh(id);
    assert(!rig.upstreams.isStale(id));
  });

  it('has the tools that a server adds after the handshake', async () => {
    const id = rig.addOdd('--tools-later');
    await rig.upstreams.refresh(id);
    await eventually(() => toolNames(id).at(-1) === 'changeTools');
    const all = rig.addStdio([everything]);
    const { tools } = await rig.upstreams.refresh(all);
    assert.equal(tools.length, 17);
  });

  it('is without what cannot be used, and ends although the server’s list does not', async () => {
    const odd = rig.addOdd('--odd-items');
    assert.deepEqual(
      (await rig.upstreams.refresh(odd)).tools.map(({ name }) => name),
      ['echo', 'hang'],
    );
    assert(rig.logged.some((line) => /items of a list cannot be used.*dropped=6/.test(line)));
    const endless = rig.addOdd('--endless-list');
    assert.equal((await rig.upstreams.refresh(endless)).tools.length, 2);
    assert(rig.logged.some((line) => /a list has no end/.test(line)));
  });

  it('can be asked for without disturbing the calls that go on', async () => {
    const id = rig.addOdd();
    const client = rig.client('a');
    const slow = client.text(id, 'sleep', { ms: 200 });
    const abort = new AbortController();
    const reading = rig.upstreams.refresh(id, abort.signal);
    abort.abort(new Error('not needed'));
    await assert.rejects(reading, /not needed/);
    assert.equal(await slow, 'slept');
  });

  it('is gone with its server', async () => {
    const id = rig.addOdd();
    await rig.upstreams.refresh(id);
    const client = rig.client('a');
    await client.call(id, 'pid');
    const call = client.call(id, 'hang');
    rig.memory.servers.delete(id);
    rig.memory.catalogs.delete(id);
    rig.bus.publish({ type: 'server.removed', server_id: id });
    await assert.rejects(call, /"odd" was removed/);
    await assert.rejects(client.call(id, 'pid'), { code: 'unknown_server' });
    assert.equal(rig.upstreams.catalog(id), undefined);
  });

  it('is read at once from a server that is always to run, which is kept running', async () => {
    const id = rig.addOdd();
    rig.change(id, { start: 'always' });
    const pid = await eventually(async () => {
      assert.equal(rig.upstreams.state(id).status, 'connected');
      return rig.client('a').text(id, 'pid');
    });
    process.kill(Number(pid), 'SIGKILL');
    await eventually(
      () => rig.statuses(id).filter((status) => status === 'connected').length === 2,
    );
    await rig.upstreams.disconnect(id);
    assert.equal(rig.upstreams.state(id).status, 'disconnected');
  });
});
