import { randomBytes } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { errorCode } from '../files.ts';

/**
 * The key of the secret store where there is no VS Code to keep it: 32 bytes as base64 in a file
 * that only its owner may read; made at the first call.
 * @throws Error where the file exists but holds no key.
 */
export async function loadOrCreateKeyFile(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return await createKeyFile(file);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) {
    throw new Error(
      `${file} holds no key of 32 bytes in base64. Restore it; or delete it, and enter tokens and passwords again.`,
    );
  }
  return key;
}

async function createKeyFile(file: string): Promise<Uint8Array> {
  const key = randomBytes(32);
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${key.toString('base64')}\n`);
    await handle.sync();
  } catch (error) {
    // Half a key would lock the secrets at the next start.
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return key;
}
