import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

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
  /** Names of temporary files that a killed process left behind. */
  leftovers: string[];
}

/** Which snapshots and journals a folder holds, by the names of its files. */
export function generationsOf(names: readonly string[]): Generations {
  const found: Generations = { snapshots: [], journals: [], leftovers: [] };
  for (const name of names) {
    const match = /^vmcp\.(\d{1,15})\.(db|journal)$/.exec(name);
    if (match) (match[2] === 'db' ? found.snapshots : found.journals).push(Number(match[1]));
    else if (/^(vmcp|secrets|server)\..*\.tmp$/.test(name)) found.leftovers.push(name);
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
