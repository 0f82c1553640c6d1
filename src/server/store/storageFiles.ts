import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The database's files. Snapshot *g* holds what the journals before *g* hold, so a snapshot and
 * the journals from its number on are the whole database.
 */
export const databaseFiles = {
  snapshot: (folder: string, generation: number) => join(folder, `vmcp.${generation}.db`),
  journal: (folder: string, generation: number) => join(folder, `vmcp.${generation}.journal`),
};

export interface Generations {
  /** Ascending. */
  snapshots: number[];
  /** Ascending. */
  journals: number[];
  /** Names of temporary files that a process left behind. */
  leftovers: string[];
}

/** Which snapshots and journals a folder holds, by the names of its files. */
export function generationsOf(names: readonly string[]): Generations {
  const found: Generations = { snapshots: [], journals: [], leftovers: [] };
  for (const name of names) {
    const match = /^vmcp\.(\d{1,15})\.(db|journal)$/.exec(name);
    if (match) (match[2] === 'db' ? found.snapshots : found.journals).push(Number(match[1]));
    else if (/^vmcp\..*\.tmp$/.test(name)) found.leftovers.push(name);
  }
  found.snapshots.sort((a, b) => a - b);
  found.journals.sort((a, b) => a - b);
  return found;
}

/** Removes the snapshots and journals that `oldest`, a good snapshot, makes superfluous. */
export async function removeBefore(folder: string, oldest: number): Promise<void> {
  const { snapshots, journals } = generationsOf(await readdir(folder));
  for (const generation of snapshots.filter((each) => each < oldest)) {
    await rm(databaseFiles.snapshot(folder, generation), { force: true });
  }
  for (const generation of journals.filter((each) => each < oldest)) {
    await rm(databaseFiles.journal(folder, generation), { force: true });
  }
}

/** Replaces a file as a whole: it holds the old or the new content, and is durable on return. */
export async function replaceFile(file: string, content: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Renames; on Windows a virus scanner or indexer may hold either file for a moment. */
export async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const code = errorCode(error);
      if (attempt === 10 || !(code === 'EBUSY' || code === 'EPERM' || code === 'EACCES')) {
        throw error;
      }
      await delay(20 * attempt);
    }
  }
}

/** Makes new, renamed and removed names of a folder durable; Windows cannot and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The code of a failed system call, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A time as part of a file's name. */
export function fileTimestamp(): string {
  return new Date().toISOString().replace(/[:.]/g, '-');
}
