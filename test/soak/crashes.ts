import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { appendFile, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Cleanup, makeTempDir } from '../support/cleanup.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { TestServer } from '../support/server.ts';
import { Figures } from './figures.ts';

/** What the server acknowledged, and when which call was answered. */
interface Written {
  names: Set<string>;
  /** Arguments of calls, with the time of their answers (milliseconds of `performance.now`). */
  calls: Map<string, number>;
}

/** What happens to the files: torn between a kill and the next start, or no space while it writes. */
export type Damage = 'none' | 'torn' | 'full';

export interface CrashOutcome {
  kills: number;
  acknowledged: number;
  lost: string[];
  twice: string[];
  /** How long before its kill the oldest call was answered that is not in the log, milliseconds. */
  oldestLostMs: number;
  notOpened: number;
  /** Writes that were refused, for want of space. */
  refused: number;
}

/** kill -9 at random times during mixed load: writes of configuration, and calls. */
export async function run({ times = 50 }: { times?: number }): Promise<boolean> {
  const figures = new Figures();
  for (const damage of ['none', 'torn', 'full'] as const) {
    const cleanup = new Cleanup();
    try {
      const outcome = await crash(cleanup, times, damage);
      const { acknowledged, refused } = outcome;
      console.log(`damage: ${damage}; ${acknowledged} writes acknowledged, ${refused} refused`);
      judge(figures, outcome, damage);
    } finally {
      await cleanup.run();
    }
  }
  return figures.passed;
}

function judge(figures: Figures, outcome: CrashOutcome, damage: Damage): void {
  figures.check('kills', outcome.kills, { least: 1 });
  figures.check('acknowledged writes lost', outcome.lost.length, { most: 0 });
  figures.check('written twice', outcome.twice.length, { most: 0 });
  // where there is no space, there is none for the log
  if (damage !== 'full') {
    figures.check('oldest call lost, ms before the kill', outcome.oldestLostMs, { most: 250 });
  }
  figures.check('starts that failed', outcome.notOpened, { most: 0 });
}

export async function crash(
  cleanup: Cleanup,
  kills: number,
  damage: Damage,
): Promise<CrashOutcome> {
  const server = new TestServer(await makeTempDir(cleanup), {});
  cleanup.add(() => server.kill9().catch(() => undefined));
  await server.start();
  const rest = new Rest(server.url, await server.adminToken());
  const odd = await rest.addNodeServer('odd', upstreams.odd);
  await rest.connect(odd);
  await rest.addVmcp('load', [odd], { options: { tool_names: 'plain' } });
  const all: Written = { names: new Set(), calls: new Map() };
  const outcome: CrashOutcome = {
    ...{
      kills: 0,
      acknowledged: 0,
      lost: [],
      twice: [],
      oldestLostMs: 0,
      notOpened: 0,
      refused: 0,
    },
  };
  for (let kill = 0; kill < kills; kill += 1) {
    if (damage === 'full') await leaveNoSpace(server);
    const round = await loadUntilKilled(server, kill);
    for (const name of round.written.names) all.names.add(name);
    if (damage === 'torn') await tear(server.dataDir);
    try {
      await server.start();
    } catch {
      outcome.notOpened += 1;
      break;
    }
    outcome.kills += 1;
    outcome.refused += round.outOfSpace;
    await compare(server, all.names, round, outcome);
  }
  outcome.acknowledged = all.names.size;
  return outcome;
}

async function loadUntilKilled(server: TestServer, kill: number) {
  const rest = new Rest(server.url, await server.adminToken());
  const client = new RawClient(`${server.url}/mcp/load`);
  const written: Written = { names: new Set(), calls: new Map() };
  let outOfSpace = 0;
  let killedAt = Number.POSITIVE_INFINITY;
  const killed = delay(randomInt(50, 900)).then(() => {
    killedAt = performance.now();
    return server.kill9();
  });
  const writer = async (lane: number) => {
    for (let n = 0; performance.now() < killedAt; n += 1) {
      const name = `v ${kill} ${lane} ${n}`;
      const { status } = await rest.send('POST', '/api/vmcps', { name });
      if (status === 201) written.names.add(name);
      else outOfSpace += 1;
    }
  };
  const caller = async (lane: number) => {
    for (let n = 0; performance.now() < killedAt; n += 1) {
      const word = `call-${kill}-${lane}-${n}`;
      const params = { name: 'echo', arguments: { word } };
      if ((await client.request('tools/call', params)).result) {
        written.calls.set(word, performance.now());
      }
    }
  };
  // each ends when the server does
  await Promise.allSettled([writer(0), writer(1), caller(0), caller(1)]);
  await killed;
  client.close();
  return { written, killedAt, outOfSpace };
}

async function compare(
  server: TestServer,
  names: ReadonlySet<string>,
  { written, killedAt }: { written: Written; killedAt: number },
  outcome: CrashOutcome,
): Promise<void> {
  const rest = new Rest(server.url, await server.adminToken());
  const found: string[] = (await rest.ok('GET', '/api/vmcps')).map(
    ({ name }: { name: string }) => name,
  );
  const once = new Set(found);
  outcome.lost.push(...[...names].filter((name) => !once.has(name)));
  outcome.twice.push(...found.filter((name, index) => found.indexOf(name) !== index));
  // rows are written in order: the newest one that is there tells which are lost
  for (const [word, at] of [...written.calls].reverse()) {
    const { pagination } = await rest.ok('GET', `/api/stats?page_size=1&search=${word}`);
    if (pagination.total_items > 0) break;
    outcome.oldestLostMs = Math.max(outcome.oldestLostMs, killedAt - at);
  }
}

/** What a power cut leaves: half a record at the end of the newest journal, or a file half written. */
async function tear(dataDir: string): Promise<void> {
  const files = await readdir(dataDir, { recursive: true });
  const journals = files.filter((file) => /journal[^/]*$/.test(file)).sort();
  const newest = journals.at(-1);
  if (newest) await appendFile(join(dataDir, newest), Buffer.from([0x40, 0, 0, 0, 1, 2, 3]));
  const half = await open(join(dataDir, 'vmcp.db.tmp'), 'w');
  await half.write('SQLite format 3');
  await half.close();
}

/** From now on no file of the running server may grow by more than a few writes (Linux). */
async function leaveNoSpace(server: TestServer): Promise<void> {
  const names = await readdir(server.dataDir, { recursive: true });
  const files = await Promise.all(names.map((name) => stat(join(server.dataDir, name))));
  const largest = Math.max(...files.filter((file) => file.isFile()).map(({ size }) => size));
  const limit = `--fsize=${largest + 20_000}`;
  await promisify(execFile)('prlimit', ['--pid', String(server.pid), limit]);
}
