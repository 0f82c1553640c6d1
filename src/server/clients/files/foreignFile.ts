import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidError } from '../../appErrors.ts';
import { errorCode, renameOver, syncFolder } from '../../files.ts';

/** Larger configuration files are not touched. */
const maxBytes = 8 * 1024 * 1024;

/** A file of another program, as it stands on the disk. */
export interface ForeignFile {
  /** Empty where the file does not exist. */
  bytes: Buffer;
  exists: boolean;
}

/** @throws InvalidError where it is no file, too large, or cannot be read */
export async function readForeignFile(path: string): Promise<ForeignFile> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new InvalidError('This is no file', path);
    if (info.size > maxBytes) {
      throw new InvalidError(`The file is larger than ${maxBytes / 1024 / 1024} MiB`, path);
    }
    return { bytes: await readFile(path), exists: true };
  } catch (error) {
    if (error instanceof InvalidError) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { bytes: Buffer.alloc(0), exists: false };
    throw new InvalidError(`The file cannot be read (${code ?? 'unknown reason'})`, path);
  }
}

/**
 * Replaces a file as a whole, durable on return. Links to it and its permissions stay.
 * @param newMode permissions of a file that is made anew
 */
export async function writeForeignFile(
  path: string,
  bytes: Uint8Array,
  newMode: number,
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => undefined);
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(temporary, before ? before.mode & 0o777 : newMode);
    await renameOver(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Changes with every byte. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
