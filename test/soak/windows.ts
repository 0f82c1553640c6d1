import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Cleanup, makeTempDir } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { type Page, VscodeHost } from '../vscode/host.ts';
import { processes } from '../vscode/processes.ts';
import { Storage } from '../vscode/storage.ts';
import { Figures } from './figures.ts';

const vsix = fileURLToPath(new URL('../../.vscode-test/vmcp.vsix', import.meta.url));
const windows = 10;
/** A successor begins while its predecessor lets calls end, and of two that start one gives up. */
const overlapLimitMs = 8_000;
/** A server ends 30 s after its last window; VS Code may keep that for a while. */
const endLimitMs = 120_000;

/** VS Codes of which two share a storage folder, with different versions of the extension. */
interface Fleet {
  hosts: VscodeHost[];
  /** Each by all the paths that lead to it. */
  storages: Storage[][];
  folder: string;
  /** In the command lines of the stdio servers of these storages. */
  mark: string;
}

/** Windows opened and closed at random: one server for each storage folder, and in the end nothing. */
export async function run({ minutes = 2 }: { minutes?: number }): Promise<boolean> {
  const cleanup = new Cleanup();
  const figures = new Figures();
  try {
    const fleet = await startFleet(cleanup);
    const watch = new Watch(fleet);
    const actions = await openAndClose(fleet, minutes);
    console.log(JSON.stringify(actions));
    for (const [index, storage] of fleet.storages.entries()) {
      const gone = () => serversOf(storage).length === 0;
      const ended = await eventually(gone, { timeoutMs: endLimitMs }).catch(() => false);
      figures.check(`servers left of storage ${index + 1}`, ended ? 0 : 1, { most: 0 });
    }
    watch.stop();
    figures.check('longest time with two servers, ms', watch.longestOverlapMs, {
      most: overlapLimitMs,
    });
    const left = () => processes().filter(({ command }) => command.includes(fleet.mark));
    await eventually(() => left().length === 0, { timeoutMs: 15_000 }).catch(() => undefined);
    figures.check('stdio servers left', left().length, { most: 0 });
    figures.check('stdio servers seen', watch.childrenSeen, { least: 2 });
    return figures.passed;
  } finally {
    await cleanup.run();
  }
}

async function startFleet(cleanup: Cleanup): Promise<Fleet> {
  const folder = await makeTempDir(cleanup);
  const hosts = ['a', 'b', 'c'].map(
    (name) => new VscodeHost({ version: '1.139', dataDir: join(folder, name) }),
  );
  const [first, second, third] = hosts.map((host) => new Storage(host.storageOf('vmcp.vmcp')));
  if (!first || !second || !third) throw new Error('there are three');
  for (const storage of [first, second, third]) cleanup.add(() => storage.endServers());
  for (const storage of [first, second]) await mkdir(storage.folder, { recursive: true });
  await mkdir(dirname(third.folder), { recursive: true });
  await symlink(first.folder, third.folder);
  cleanup.add(() => endHosts(folder));
  for (const host of hosts) {
    // it complains of extension hosts that wait for pages to come back
    cleanup.add(() => host.close().catch((error: Error) => console.log(`  ${error.message}`)));
    await host.start(vsix);
  }
  await raiseVersion(join(folder, 'c', 'extensions'));
  return { hosts, storages: [[first, third], [second]], folder, mark: `--soak=${folder}` };
}

/** Ends what VS Code left of its own: all that has its home in the folder. */
function endHosts(folder: string): void {
  for (const { pid } of processes()) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      if (environment.includes(`HOME=${folder}/`)) process.kill(pid, 'SIGKILL');
    } catch {
      // it ended meanwhile, or is another user's
    }
  }
}

/** Makes the installed extension one of a later version. */
async function raiseVersion(extensions: string): Promise<void> {
  const name = (await readdir(extensions)).find((each) => each.startsWith('vmcp.vmcp-'));
  if (!name) throw new Error(`no extension in ${extensions}`);
  const folder = join(extensions, name);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const later = version.replace(/\d+$/, '99');
  const files = ['package.json', 'dist/extension.js', 'dist/server.js', 'dist/launcher.js'];
  for (const file of files.map((each) => join(folder, each)).filter(existsSync)) {
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(`"${version}"`, `"${later}"`));
  }
}

interface Actions {
  opened: number;
  closed: number;
  killed: number;
  failed: string[];
}

async function openAndClose(fleet: Fleet, minutes: number): Promise<Actions> {
  const { hosts, storages, folder, mark } = fleet;
  const pages = new Map<number, Page>();
  const actions: Actions = { opened: 0, closed: 0, killed: 0, failed: [] };
  const until = performance.now() + minutes * 60_000;
  while (performance.now() < until) {
    const slot = Math.floor(Math.random() * windows);
    const page = pages.get(slot);
    try {
      if (page) {
        pages.delete(slot);
        await closeWindow(page);
        actions.closed += 1;
      } else {
        pages.set(slot, await openWindow(hosts[slot % hosts.length], join(folder, `w${slot}`)));
        actions.opened += 1;
      }
      for (const [storage] of storages) await addServer(storage, mark);
      if (Math.random() < 0.15) actions.killed += kill(storages);
    } catch (error) {
      actions.failed.push(String(error).slice(0, 200));
    }
    await delay(Math.random() * 2_000);
  }
  await Promise.all([...pages.values()].map(closeWindow));
  return actions;
}

async function openWindow(host: VscodeHost | undefined, folder: string): Promise<Page> {
  if (!host) throw new Error('no such VS Code');
  await mkdir(folder, { recursive: true });
  const page = await host.newPage();
  await page.goto(host.urlOf(folder));
  return page;
}

/** As a user does it: a page that is only cut off is waited for by VS Code, with its extension host. */
async function closeWindow(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.close();
}

/** A stdio server that runs all the time, once the storage has a server. */
async function addServer(storage: Storage | undefined, mark: string): Promise<void> {
  if (!storage || !existsSync(join(storage.folder, 'server.json'))) return;
  try {
    const rest = await storage.rest();
    if ((await rest.ok('GET', '/api/mcp-servers')).length > 0) return;
    await rest.addNodeServer('odd', upstreams.odd, [mark], { start: 'always' });
  } catch {
    // it has just ended, or begins
  }
}

/** The server processes of one storage, whichever path they were given. */
function serversOf(storage: readonly Storage[]): number[] {
  return storage.flatMap((path) => path.servers());
}

function kill(storages: readonly Storage[][]): number {
  const storage = storages[Math.floor(Math.random() * storages.length)];
  const [pid] = serversOf(storage ?? []);
  if (pid === undefined) return 0;
  process.kill(pid, 'SIGKILL');
  return 1;
}

/** Looks at all processes, several times a second. */
class Watch {
  longestOverlapMs = 0;
  readonly #children = new Set<number>();
  readonly #since = new Map<readonly Storage[], number>();
  readonly #timer = setInterval(() => this.#look(), 250);

  constructor(private readonly fleet: Fleet) {}

  get childrenSeen(): number {
    return this.#children.size;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    for (const { pid, command } of processes()) {
      if (command.includes(this.fleet.mark)) this.#children.add(pid);
    }
    for (const storage of this.fleet.storages) {
      if (serversOf(storage).length < 2) this.#since.delete(storage);
      else {
        const since = this.#since.get(storage) ?? now;
        this.#since.set(storage, since);
        this.longestOverlapMs = Math.max(this.longestOverlapMs, now - since);
      }
    }
  }
}
