import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoreProblem } from '../../src/server/store/store.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { buildStoreProgram, buildWorker, openTestStore } from '../unit/store/storeFixture.ts';

type Line =
  | { settings: Record<string, number>; problems: StoreProblem[]; newestLog?: string }
  | { written: number; at: string };

describe('store of a process that dies or has no space', function () {
  this.timeout(120_000);
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let workerFile: string;
  let program: string;

  before(async () => {
    workerFile = await buildWorker(suite);
    program = await buildStoreProgram(suite);
  });

  /** Lets the program write until it is killed, some time after its start. */
  async function writeUntilKilled(dataDir: string, lifetime: number): Promise<Line[]> {
    const child = spawn(process.execPath, [program, 'write', dataDir, workerFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanup.add(() => child.kill('SIGKILL'));
    const lines: Line[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => {
      // The last line may be half a line.
      if (line.endsWith('}')) lines.push(JSON.parse(line));
    });
    await once(reader, 'line');
    await delay(lifetime);
    child.kill('SIGKILL');
    await once(reader, 'close');
    return lines;
  }

  it('holds every acknowledged write and all but 250 ms of the log after kill -9, twenty times', async () => {
    const dataDir = await makeTempDir(cleanup);
    let expected = new Map<string, number>();
    let safeLog = '';
    for (let round = 0; round < 20; round++) {
      const lifetime = Math.random() * 400;
      const [opened, ...written] = await writeUntilKilled(dataDir, lifetime);
      assert(opened && 'settings' in opened, `round ${round} opens`);
      for (const [key, n] of expected) {
        const found = opened.settings[key] ?? 0;
        assert(found >= n, `round ${round}: ${key} was acknowledged as ${n} and is ${found}`);
      }
      const newestLog = opened.newestLog ?? '';
      assert(newestLog >= safeLog, `round ${round}: log rows after ${newestLog} are lost`);
      const unexpected = opened.problems.filter(({ code }) => code !== 'journal_torn');
      assert.deepEqual(unexpected, []);

      expected = new Map(Object.entries(opened.settings));
      const times: string[] = [];
      for (const line of written) {
        if (!('written' in line)) continue;
        expected.set(`key${line.written % 50}`, line.written);
        times.push(line.at);
      }
      // Where the process was when it died is known from its last word.
      const limit = Date.parse(times.at(-1) ?? '') - 250;
      safeLog = times.findLast((at) => Date.parse(at) < limit) ?? safeLog;
    }
    assert(expected.size === 50);
  });

  it('refuses what cannot be written, keeps what can, and goes on', async function () {
    if (process.platform === 'win32') this.skip();
    const dataDir = await makeTempDir(cleanup);
    const limited = 'ulimit -f 2048 && exec "$@"';
    const child = spawn(
      'bash',
      ['-c', limited, 'bash', process.execPath, program, 'fill', dataDir, workerFile],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    cleanup.add(() => child.kill('SIGKILL'));
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const told = JSON.parse(String(line));
    assert.equal(told.tooLarge, 'write_failed');
    assert.equal(told.unchanged, true);
    const expected: Record<string, number> = { first: 1, second: 1 };
    for (const [name, outcomes] of [
      ['many', told.atOnce],
      ['later', told.later],
    ]) {
      for (const [index, outcome] of outcomes.entries()) {
        assert(outcome === 'written' || outcome === 'write_failed', outcome);
        if (outcome === 'written') expected[`${name}${index}`] = index;
      }
    }
    assert(told.later.includes('written') && told.later.includes('write_failed'));
    assert.deepEqual(told.settings, expected);

    const store = await openTestStore({ dataDir, workerFile });
    cleanup.add(() => store.close());
    const found = [...store.collections.settings.all()].map(({ key, value }) => [key, value.n]);
    assert.deepEqual(Object.fromEntries(found), expected);
    assert.deepEqual(store.problems, []);
  });
});
