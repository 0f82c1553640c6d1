import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mock } from 'node:test';
import { buildSync } from 'esbuild';
import { processStart } from '../../src/reaper/processStart.ts';
import { LineLog } from '../../src/server/log.ts';
import { startReaper } from '../../src/server/upstream/reaper.ts';
import { buildReaper, isAlive, oddServer, Rig } from '../fixtures/upstream/rig.ts';
import { eventually } from '../support/eventually.ts';

const log = new LineLog('error', () => {});

describe('processes of stdio servers', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vmcp-processes-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are gone with all they started when the connections close, the stubborn included', async () => {
    const rig = await Rig.start();
    const client = rig.client('client');
    const pids = await Promise.all(
      ['--plain', '--stubborn'].map(async (flag) => {
        const id = rig.addOdd(flag);
        return [await client.text(id, 'pid'), await client.text(id, 'fork')].map(Number);
      }),
    );
    assert(pids.flat().every(isAlive));
    await rig.upstreams.close();
    assert.deepEqual(pids.flat().filter(isAlive), []);
    await rig.stop();
  }).timeout(20_000);

  it('leave no grandchild behind when they crash', async () => {
    const rig = await Rig.start();
    const client = rig.client('client');
    const id = rig.addOdd();
    const grandchild = Number(await client.text(id, 'fork'));
    await assert.rejects(client.call(id, 'crash'));
    await eventually(() => !isAlive(grandchild), { timeoutMs: 5000 });
    await rig.stop();
  }).timeout(20_000);

  it('are ended by the reaper when the server is killed, and the reaper with them', async () => {
    const { owner, pids } = await startOwner(folder);
    owner.kill('SIGKILL');
    await eventually(() => !pids.some(isAlive), { timeoutMs: 8000 });
  }).timeout(20_000);

  it('that even the reaper could not end are ended by the next start', async () => {
    const { owner, pids, reaper } = await startOwner(folder);
    const record = join(folder, 'processes.json');
    await eventually(async () => (await readFile(record, 'utf8')).includes('start'));
    process.kill(reaper, 'SIGKILL');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    assert(pids.some(isAlive));
    const next = await startReaper({ program: buildReaper(folder), dataFolder: folder, log });
    assert.deepEqual(pids.filter(isAlive), []);
    await next.close();
    assert.equal(await readFile(record, 'utf8'), '[]');
  }).timeout(20_000);

  it('that only have the pid of a recorded one are left alone', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'ignore',
    });
    const pid = stranger.pid ?? 0;
    const start = await processStart(pid);
    assert(start !== undefined);
    await writeFile(join(folder, 'processes.json'), JSON.stringify([{ pid, start: `${start}0` }]));
    const reaper = await startReaper({ program: buildReaper(folder), dataFolder: folder, log });
    assert(isAlive(pid));
    await reaper.close();
    stranger.kill('SIGKILL');
    await once(stranger, 'exit');
  });

  it('come to an end although a handshake hangs', async () => {
    const rig = await Rig.start();
    const id = rig.addOdd('--hang-initialize');
    const call = rig.client('client').call(id, 'pid');
    await eventually(() => rig.upstreams.state(id).status === 'connecting');
    const failed = assert.rejects(call, /"odd" was disconnected/);
    await rig.upstreams.close();
    await failed;
    await rig.stop();
  });

  it('that no client uses for half an hour are ended, and start again for the next call', async () => {
    const rig = await Rig.start();
    const client = rig.client('client');
    const id = rig.addOdd();
    const pid = Number(await client.text(id, 'pid'));
    rig.upstreams.release(client.party);
    const putBack = putClockForward(() => 31 * 60_000);
    await eventually(() => rig.upstreams.state(id).status === 'disconnected');
    putBack();
    await eventually(() => !isAlive(pid));
    assert.notEqual(Number(await client.text(id, 'pid')), pid);
    await rig.stop();
  }).timeout(20_000);

  it('that hang, pings unanswered, are ended, and start again for the next call', async () => {
    const rig = await Rig.start();
    const client = rig.client('client');
    const id = rig.addOdd();
    const pid = Number(await client.text(id, 'pid'));
    process.kill(pid, 'SIGSTOP');
    const putBack = putClockForward((passed) => 24 * passed);
    const patience = { timeoutMs: 25 * 30_000 };
    await eventually(() => rig.upstreams.state(id).status === 'error', patience);
    putBack();
    assert.match(rig.upstreams.state(id).last_error ?? '', /did not answer two pings/);
    assert.notEqual(Number(await client.text(id, 'pid')), pid);
    await eventually(() => !isAlive(pid));
    await rig.stop();
  }).timeout(40_000);

  it('whose handshake hangs are given up after 30 s', async () => {
    const rig = await Rig.start();
    const id = rig.addOdd('--hang-initialize');
    const started = performance.now();
    await assert.rejects(
      rig.client('client').call(id, 'pid'),
      /did not finish its start within 30 s/,
    );
    assert(performance.now() - started < 32_000);
    await rig.stop();
  }).timeout(40_000);
});

/**
 * The monotonic clock goes before itself.
 * @param by milliseconds, when so many have passed since
 * @returns how to put it back
 */
function putClockForward(by: (passed: number) => number): () => void {
  const now = performance.now.bind(performance);
  const start = now();
  const { mock: mocked } = mock.method(performance, 'now', () => now() + by(now() - start));
  return () => mocked.restore();
}

/** A process of its own with a server that has a grandchild and ignores SIGTERM. */
async function startOwner(folder: string) {
  const outfile = join(folder, 'owner.cjs');
  buildSync({
    entryPoints: [resolve('test/fixtures/upstream/owner.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Loaded when somebody signs in, which nobody does here.
    external: ['esbuild', '@modelcontextprotocol/sdk/client/auth.js'],
  });
  const owner = spawn(process.execPath, [outfile, oddServer, buildReaper(folder), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const pids = JSON.parse(line.toString()) as number[];
  const reaper = await reaperOf(owner.pid ?? 0);
  assert(pids.every(isAlive));
  return { owner, pids: [...pids, reaper], reaper };
}

/** The reaper is the child of `parent` that runs `reaper.cjs`. */
async function reaperOf(parent: number): Promise<number> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('reaper.cjs')) return Number(pid);
  }
  throw new Error('no reaper');
}
