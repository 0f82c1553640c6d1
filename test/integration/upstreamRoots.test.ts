import assert from 'node:assert/strict';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Rig } from '../fixtures/upstream/rig.ts';
import { eventually } from '../support/eventually.ts';

const filesystemServer = resolve(
  'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
);

describe('roots', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());

  const knownRoots = async (client: ReturnType<Rig['client']>, id: string) =>
    (JSON.parse(await client.text(id, 'knownRoots')) as { roots: unknown } | null)?.roots;

  it('do not matter to a server that never asks: one connection serves all', async () => {
    const id = rig.addOdd();
    const [a, b] = [rig.client('a', ['file:///a']), rig.client('b', ['file:///b'])];
    assert.equal(await a.text(id, 'pid'), await b.text(id, 'pid'));
    assert.equal(a.rootsAsked + b.rootsAsked, 0);
  });

  it('keep clients apart from the start at a server that asks when it starts', async () => {
    const id = rig.addOdd('--ask-roots');
    const [a, b] = [rig.client('a', ['file:///a']), rig.client('b', ['file:///b'])];
    const pids = await Promise.all([a.text(id, 'pid'), b.text(id, 'pid')]);
    assert.notEqual(pids[0], pids[1]);
    assert.deepEqual(await knownRoots(a, id), [{ uri: 'file:///a' }]);
    assert.deepEqual(await knownRoots(b, id), [{ uri: 'file:///b' }]);
    assert.equal(await rig.client('c', ['file:///a']).text(id, 'pid'), pids[0]);
    assert.equal(rig.upstreams.catalog(id)?.asks_roots, true);
  });

  it('are those of the only client in flight at a server that asks late, and it keeps that server', async () => {
    const id = rig.addOdd();
    const [a, b] = [rig.client('a', ['file:///a']), rig.client('b', ['file:///b'])];
    const pid = await a.text(id, 'pid');
    assert.equal(await b.text(id, 'pid'), pid);
    assert.deepEqual(JSON.parse(await b.text(id, 'roots')), { roots: [{ uri: 'file:///b' }] });
    assert.equal(await b.text(id, 'pid'), pid);
    assert.notEqual(await a.text(id, 'pid'), pid);
    assert.deepEqual(JSON.parse(await a.text(id, 'roots')), { roots: [{ uri: 'file:///a' }] });
  });

  it('are refused where several clients could be meant, and then kept apart', async () => {
    const id = rig.addOdd();
    const [a, b] = [rig.client('a', ['file:///a']), rig.client('b', ['file:///b'])];
    await a.call(id, 'pid');
    const other = b.call(id, 'sleep', { ms: 200 });
    assert.match(await a.text(id, 'roots'), /nothing tells whose roots/);
    await other;
    assert.deepEqual(JSON.parse(await a.text(id, 'roots')), { roots: [{ uri: 'file:///a' }] });
    assert.deepEqual(JSON.parse(await b.text(id, 'roots')), { roots: [{ uri: 'file:///b' }] });
  });

  it('that change are told to the server of that client alone, and move it away from a shared one', async () => {
    const id = rig.addOdd('--ask-roots');
    const [a, b] = [rig.client('a', ['file:///a']), rig.client('b', ['file:///a'])];
    const pid = await a.text(id, 'pid');
    a.roots = [{ uri: 'file:///new' }];
    rig.upstreams.rootsChanged(a.party);
    await eventually(async () => {
      return JSON.stringify(await knownRoots(a, id)) === '[{"uri":"file:///new"}]';
    });
    assert.equal(await a.text(id, 'pid'), pid);
    b.roots = [{ uri: 'file:///new' }];
    assert.equal(await b.text(id, 'pid'), pid);
    b.roots = [{ uri: 'file:///other' }];
    rig.upstreams.rootsChanged(b.party);
    assert.notEqual(await b.text(id, 'pid'), pid);
    assert.deepEqual(await knownRoots(a, id), [{ uri: 'file:///new' }]);
  });

  it('take subscriptions along when a client moves', async () => {
    const id = rig.addOdd('--ask-roots');
    const [a, b] = [rig.client('a', ['file:///a']), rig.client('b', ['file:///a'])];
    const signal = new AbortController().signal;
    await rig.upstreams.subscribe(id, 'odd://one', a.caller, signal);
    await b.call(id, 'pid');
    a.roots = [{ uri: 'file:///moved' }];
    rig.upstreams.rootsChanged(a.party);
    assert.deepEqual(JSON.parse(await a.text(id, 'subscribed')), ['+odd://one']);
    const old = ['+odd://one', '-odd://one'];
    assert.deepEqual(JSON.parse(await b.text(id, 'subscribed')), old);
  });

  it('are not given to a server from which they are withheld', async () => {
    const id = rig.addOdd();
    rig.change(id, { withheld_capabilities: ['roots'] });
    const a = rig.client('a', ['file:///a']);
    assert.match(await a.text(id, 'roots'), /-32601/);
    assert.equal(a.rootsAsked, 0);
  });

  it('stand for the workspace folder in a configuration: each folder has its own server', async () => {
    const id = rig.addOdd(`\${workspaceFolder}/x`);
    const [a, b] = [rig.client('a', ['file:///a%20b']), rig.client('b', ['file:///b'])];
    const args = async (client: typeof a) =>
      (JSON.parse(await client.text(id, 'environment')) as { args: string[] }).args;
    assert.deepEqual(await args(a), ['/a b/x']);
    assert.deepEqual(await args(b), ['/b/x']);
    await assert.rejects(rig.client('c').call(id, 'pid'), /the client has no folder open/);
  });

  it('are the folders of the newest window where lists are read that no client asked for', async () => {
    const id = rig.addOdd(`\${workspaceFolder}/x`);
    await rig.client('a', ['file:///of/a/client']).text(id, 'pid');
    await rig.upstreams.disconnect(id);
    rig.upstreams.setWindowFolders([{ uri: 'file:///of/a/window', name: 'window' }]);
    await rig.upstreams.connect(id, AbortSignal.timeout(10_000));
    const [window, other] = [
      rig.client('b', ['file:///of/a/window']),
      rig.client('c', ['file:///x']),
    ];
    const args = async (client: typeof window) =>
      (JSON.parse(await client.text(id, 'environment')) as { args: string[] }).args;
    assert.deepEqual(await args(window), ['/of/a/window/x']);
    assert.deepEqual(await args(other), ['/x/x'], 'a client never gets them');
    rig.upstreams.setWindowFolders([]);
  });

  it('never show a client the files of another one', async () => {
    const base = await realpath(rig.folder);
    const folders = ['a', 'b'].map((name) => join(base, name));
    for (const folder of folders) {
      await mkdir(folder);
      await writeFile(join(folder, 'secret.txt'), folder);
    }
    const id = rig.addStdio([filesystemServer, base]);
    const clients = folders.map((folder, index) =>
      rig.client(`window ${index}`, [pathToFileURL(folder).href]),
    );
    const read = async (client: (typeof clients)[number], folder: string) =>
      client.text(id, 'read_text_file', { path: join(folder, 'secret.txt') });
    // Both begin at the same time, while nothing is known of the server.
    await Promise.all(clients.map((client) => client.call(id, 'list_allowed_directories')));
    for (const [index, client] of clients.entries()) {
      const own = folders[index] ?? '';
      const other = folders[1 - index] ?? '';
      assert.equal(await read(client, own), own);
      assert.match(await read(client, other), /Access denied/);
    }
  });
});
