import { mkdir, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { errorCode } from '../files.ts';
import { type ProcessIdentity, stateOf } from './processIdentity.ts';

const lockOwnerSchema = z.object({
  instance: z.string(),
  pid: z.number().int().positive(),
  start: z.string().nullable(),
  host: z.string(),
  boot: z.string().nullable(),
  pids: z.string().nullable(),
  version: z.string(),
  started_at: z.string(),
  released: z.boolean(),
});
/** Who holds, or held, a lock. */
export type LockOwner = z.infer<typeof lockOwnerSchema>;

/** Milliseconds between two signs of life of an owner. */
const beatEvery = 5_000;
/** An owner that cannot be seen and gives no sign of life for so long is gone. */
const watchFor = 12_000;
/** A lock this old needs no watching: its owner's host is gone, or asleep. */
const longGone = 600_000;
/** Between making its file and writing it an owner needs a moment. */
const beginning = 5_000;
/** Taking a lock fails after so long; each round that is lost means that another start won. */
const patience = 60_000;

interface FoundLock {
  number: number;
  file: string;
  /** Undefined while it is being written. */
  owner: LockOwner | undefined;
  modified: number;
}

/**
 * The lock of a folder: numbered files in `lock/`, of which the highest counts and is never
 * deleted. Whoever finds it released or its owner gone makes the next number, which only one
 * process can; files alone make sure that there are never two owners, whenever processes stop.
 */
export class FolderLock {
  readonly #beat: NodeJS.Timeout;

  private constructor(
    private readonly folder: string,
    private readonly number: number,
    private readonly owner: LockOwner,
  ) {
    this.#beat = setInterval(() => this.#giveSign(), beatEvery).unref();
  }

  /**
   * Takes the lock of `dataDir`.
   * @returns the lock; or its owner, and whether that one was seen to run on this machine.
   */
  static async take(
    dataDir: string,
    identity: ProcessIdentity,
    about: { instance: string; version: string },
  ): Promise<FolderLock | { owner: LockOwner; here: boolean }> {
    const folder = join(dataDir, 'lock');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      const found = await newestLock(folder);
      const verdict = found ? await judge(found, identity) : 'free';
      if (verdict === 'beginning') {
        await delay(50);
        continue;
      }
      if (verdict !== 'free' && found?.owner) {
        return { owner: found.owner, here: verdict === 'here' };
      }
      const owner: LockOwner = {
        ...identity,
        ...about,
        started_at: new Date().toISOString(),
        released: false,
      };
      const number = (found?.number ?? 0) + 1;
      if (await claim(folder, number, owner)) return new FolderLock(folder, number, owner);
    }
    throw new Error(
      `The lock in ${folder} could not be taken in ${patience / 1000} s, because other processes kept taking it. Try again.`,
    );
  }

  /** Whether no other process has taken the lock, as after a long sleep of this machine. */
  async isOurs(): Promise<boolean> {
    const newest = await newestLock(this.folder);
    return newest?.number === this.number && newest.owner?.instance === this.owner.instance;
  }

  /** Gives the lock back, where it is still ours. */
  async release(): Promise<void> {
    clearInterval(this.#beat);
    if (!(await this.isOurs())) return;
    await writeFile(fileOf(this.folder, this.number), text({ ...this.owner, released: true }));
  }

  #giveSign(): void {
    const now = new Date();
    // Where the file is gone, so is the lock: that shows when it is asked for.
    utimes(fileOf(this.folder, this.number), now, now).catch(() => undefined);
  }
}

/** Makes the lock with this number. @returns false where another process was faster. */
async function claim(folder: string, number: number, owner: LockOwner): Promise<boolean> {
  const file = fileOf(folder, number);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(text(owner));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  // A process that stood still since it looked may have made a number that was long deleted.
  const numbers = await lockNumbers(folder);
  const won = Math.max(...numbers) === number;
  const superfluous = won ? numbers.filter((each) => each < number) : [number];
  for (const each of superfluous) await rm(fileOf(folder, each), { force: true });
  return won;
}

async function judge(
  lock: FoundLock,
  own: ProcessIdentity,
): Promise<'free' | 'here' | 'elsewhere' | 'beginning'> {
  const { owner } = lock;
  if (!owner) return Date.now() - lock.modified < beginning ? 'beginning' : 'free';
  if (owner.released) return 'free';
  const state = await stateOf(owner, own);
  if (state === 'gone') return 'free';
  if (state === 'running') return 'here';
  const here = owner.host === own.host && owner.pids === own.pids;
  if (!here && Date.now() - lock.modified > longGone) return 'free';
  if (!(await givesSigns(lock))) return 'free';
  return here ? 'here' : 'elsewhere';
}

/** Watches for a sign of life; compares no clocks, as those of two hosts may differ. */
async function givesSigns({ file, modified }: FoundLock): Promise<boolean> {
  for (let waited = 0; waited < watchFor; waited += 500) {
    await delay(500);
    const now = await stat(file).catch(() => undefined);
    if (!now || now.mtimeMs !== modified) return true;
  }
  return false;
}

async function newestLock(folder: string): Promise<FoundLock | undefined> {
  const numbers = await lockNumbers(folder);
  if (numbers.length === 0) return undefined;
  const number = Math.max(...numbers);
  const file = fileOf(folder, number);
  try {
    const { mtimeMs } = await stat(file);
    const owner = parse(await readFile(file, 'utf8'));
    return { number, file, owner, modified: mtimeMs };
  } catch (error) {
    // Superseded since it was listed.
    if (errorCode(error) === 'ENOENT') return await newestLock(folder);
    throw error;
  }
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^\d{1,15}\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10));
}

function parse(content: string): LockOwner | undefined {
  try {
    return lockOwnerSchema.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}

function fileOf(folder: string, number: number): string {
  return join(folder, `${number}.json`);
}

function text(owner: LockOwner): string {
  return `${JSON.stringify(owner)}\n`;
}
