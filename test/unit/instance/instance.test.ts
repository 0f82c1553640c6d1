import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as esbuild from 'esbuild';
import { serverFileSchema } from '../../../src/contract/admin.ts';
import { hostFolder, serverFiles } from '../../../src/contract/storageFolders.ts';
import { AlreadyRunningError } from '../../../src/server/instance/alreadyRunningError.ts';
import { acquireInstance, type Instance } from '../../../src/server/instance/instance.ts';
import { ownIdentity } from '../../../src/server/instance/processIdentity.ts';
import { makeTempDir, useCleanup } from '../../support/cleanup.ts';
import { repository } from '../../support/paths.ts';

describe('instance', function () {
  this.timeout(30_000);
  const cleanup = useCleanup();
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await makeTempDir(cleanup);
  });

  async function acquire(): Promise<Instance> {
    const instance = await acquireInstance({ dataDir, version: '1.2.3' });
    cleanup.add(() => instance.release());
    return instance;
  }

  /** Writes a lock as another process would have. */
  async function writeLock(number: number, changes: object): Promise<string> {
    await mkdir(join(dataDir, 'lock'), { recursive: true });
    const file = join(dataDir, 'lock', `${number}.json`);
    const owner = {
      ...(await ownIdentity()),
      instance: 'other',
      version: '1.0.0',
      started_at: '2026-01-01T00:00:00.000Z',
      released: false,
    };
    await writeFile(file, JSON.stringify({ ...owner, ...changes }));
    return file;
  }

  it('is one per folder, and names its owner to the second', async () => {
    await acquire();
    await assert.rejects(acquire(), (error) => {
      assert(error instanceof AlreadyRunningError);
      assert.equal(error.owner.pid, process.pid);
      assert.equal(error.owner.version, '1.2.3');
      assert.match(error.message, new RegExp(`process ${process.pid} on`));
      return true;
    });
  });

  it('can be taken again after its release', async () => {
    const first = await acquire();
    assert.equal(await first.isOurs(), true);
    await first.release();
    const second = await acquire();
    assert.equal(await first.isOurs(), false);
    assert.equal(await second.isOurs(), true);
    await first.release();
    assert.equal(await second.isOurs(), true);
    assert.equal((await readdir(join(dataDir, 'lock'))).length, 1);
  });

  it('takes over from a process that is gone, from one whose pid lives on, and from before a restart', async () => {
    const stale = [{ pid: 2 ** 22 - 1 }, { start: '1' }, { boot: 'before', pid: process.ppid }];
    for (const [index, changes] of stale.entries()) {
      await writeLock(index * 10 + 1, changes);
      await (await acquire()).release();
    }
  });

  it('takes over a lock that its owner never finished writing', async () => {
    const file = await writeLock(4, {});
    await writeFile(file, '{"instance":');
    const before = new Date(Date.now() - 60_000);
    await utimes(file, before, before);
    assert.equal(await (await acquire()).isOurs(), true);
  });

  it('knows when another server has taken over', async () => {
    const instance = await acquire();
    await writeLock(99, {});
    assert.equal(await instance.isOurs(), false);
    await instance.release();
    assert.deepEqual((await readdir(join(dataDir, 'lock'))).sort(), ['1.json', '99.json']);
  });

  it('tells address and token in a file that only its user can read, until it is released', async () => {
    const instance = await acquire();
    await instance.writeServerFile({ port: 4321 });
    const file = join(dataDir, 'server.json');
    const content = serverFileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    assert.deepEqual(content, {
      instance: instance.id,
      host: hostname(),
      pid: process.pid,
      port: 4321,
      adminToken: instance.adminToken,
      version: '1.2.3',
      startedAt: content.startedAt,
    });
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
    await instance.release();
    await assert.rejects(readFile(file), { code: 'ENOENT' });
  });

  it('has a folder of its own where a living server of another host uses the same one', async () => {
    const file = await writeLock(1, { host: 'node7', boot: 'of node7' });
    const beat = setInterval(() => utimes(file, new Date(), new Date()), 100);
    cleanup.add(() => clearInterval(beat));
    const instance = await acquire();
    assert.equal(instance.dataDir, hostFolder(dataDir, hostname()));
    await instance.writeServerFile({ port: 1 });
    assert(
      (await readFile(serverFiles(dataDir, hostname())[0] ?? '', 'utf8')).includes(instance.id),
    );
    await instance.release();
    clearInterval(beat);
    assert.equal((await acquire()).dataDir, instance.dataDir, 'it stays there');
  });

  it('takes over from another host that has long given no sign of life', async () => {
    const file = await writeLock(1, { host: 'node7', boot: 'of node7' });
    const before = new Date(Date.now() - 3_600_000);
    await utimes(file, before, before);
    assert.equal((await acquire()).dataDir, dataDir);
  });

  it('has one winner among twenty processes, also when it is killed, again and again', async () => {
    await writeLock(3, { pid: 2 ** 22 - 1 });
    let contenders = await startContenders(20, dataDir);
    cleanup.add(() => Promise.all(contenders.map(({ kill }) => kill())));
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(contenders.map(({ compete }) => compete()));
      const winners = contenders.filter((_, index) => answers[index] === 'won');
      assert.equal(winners.length, 1, answers.join());
      const winner = winners[0]!;
      const expected = contenders.map((each) => (each === winner ? 'won' : `lost ${winner.pid}`));
      assert.deepEqual(answers, expected);
      contenders = contenders.filter((each) => each !== winner);
      await winner.kill();
    }
  });
});

interface Contender {
  pid: number | undefined;
  compete(): Promise<string>;
  kill(): Promise<void>;
}

async function startContenders(count: number, dataDir: string): Promise<Contender[]> {
  const program = join(dataDir, 'contender.mjs');
  await esbuild.build({
    entryPoints: [join(repository, 'test/unit/instance/contender.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const child = spawn(process.execPath, [program, dataDir], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      assert.equal((await lines.next()).value, 'ready');
      return {
        pid: child.pid,
        compete: async () => {
          child.stdin.write('go\n');
          return String((await lines.next()).value);
        },
        kill: () => kill(child),
      };
    }),
  );
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
