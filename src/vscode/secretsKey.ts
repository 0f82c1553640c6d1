import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The parts of VS Code that keep the key. */
export interface KeyStorage {
  get(name: string): Thenable<string | undefined>;
  store(name: string, value: string): Thenable<void>;
}
/** Remembers, outside of the key storage, that a key was put into it, and by which run of VS Code. */
export interface KeyMemory {
  get(name: string): string | undefined;
  update(name: string, value: string | undefined): Thenable<void>;
}

export interface SecretsKey {
  /** base64 of 32 bytes */
  key: string;
  /** Where it is kept for good: `file` where VS Code's secret storage forgets. */
  keptIn: 'secretStorage' | 'file' | 'undecided';
}

const keyName = 'vmcp.secretsKey';
const memoryName = 'vmcp.secretsKey.storedBy';

/**
 * Finds or makes the key of the server's secrets. VS Code's secret storage may forget at its end
 * (no keyring, a browser): so a new key also stands in a file until a later run of VS Code has read
 * it back from the secret storage. Only then the file goes; otherwise it stays, and nothing is lost.
 * @param runId differs between runs of VS Code and is the same in all windows of one run
 */
export async function obtainSecretsKey(
  storage: KeyStorage,
  memory: KeyMemory,
  dataDir: string,
  runId: string,
): Promise<SecretsKey> {
  const stored = validKey(await storage.get(keyName));
  const path = join(dataDir, 'secrets.key');
  const filed = await readKey(path);
  const storedBy = memory.get(memoryName);
  if (stored !== undefined && (filed === undefined || filed === stored)) {
    if (filed === undefined) return { key: stored, keptIn: 'secretStorage' };
    if (storedBy === undefined || storedBy === runId) return { key: stored, keptIn: 'undecided' };
    await rm(path, { force: true });
    return { key: stored, keptIn: 'secretStorage' };
  }
  const key = filed ?? (await createKey(dataDir, path));
  await storage.store(keyName, key);
  await memory.update(memoryName, runId);
  const forgotten = filed !== undefined && storedBy !== undefined && storedBy !== runId;
  return { key, keptIn: forgotten ? 'file' : 'undecided' };
}

async function createKey(dataDir: string, path: string): Promise<string> {
  const key = randomBytes(32).toString('base64');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(key);
    await file.sync();
    await file.close();
    return key;
  } catch (error) {
    // Another window made one at the same moment: both use that.
    const other = await readKey(path);
    if (other === undefined) throw error;
    return other;
  }
}

async function readKey(path: string): Promise<string | undefined> {
  return validKey((await readFile(path, 'utf8').catch(() => undefined))?.trim());
}

function validKey(text: string | undefined): string | undefined {
  return text !== undefined && Buffer.from(text, 'base64').length === 32 ? text : undefined;
}
