import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type * as z from 'zod';
import { healthSchema, type ServerFile, serverFileSchema } from '../contract/admin.ts';
import { isProof } from '../contract/proof.ts';
import { serverFiles } from '../contract/storageFolders.ts';
import { exchangeJson } from './jsonHttp.ts';

/** A running server that has shown that it wrote the storage folder's `server.json`. */
export interface FoundServer {
  /** Where its data is: the storage folder, or this host's own folder in it. */
  folder: string;
  file: ServerFile;
  health: z.infer<typeof healthSchema>;
}

/** A local server answers at once; one that does not is busy or gone. */
const probeTimeoutMs = 3000;

/**
 * Looks for the running server of a storage folder. The admin token is not sent before the server
 * has proved that it holds it: after a crash the port may belong to any other program, and the file of
 * another host tells a port of that one. The host's name decides nothing: laptops change theirs with
 * the network while their server runs.
 * @returns undefined where there is none, it does not answer, or the file is another user's
 */
export async function findServer(
  dataDir: string,
  signal?: AbortSignal,
): Promise<FoundServer | undefined> {
  for (const path of serverFiles(dataDir, hostname())) {
    const found = await proveServer(path, signal);
    if (found) return found;
  }
  return undefined;
}

async function proveServer(
  path: string,
  signal: AbortSignal | undefined,
): Promise<FoundServer | undefined> {
  const file = await readServerFile(path);
  if (!file) return undefined;
  const nonce = randomBytes(32).toString('hex');
  try {
    const answer = await exchangeJson(undefined, {
      port: file.port,
      method: 'GET',
      path: `/health?nonce=${nonce}`,
      timeoutMs: probeTimeoutMs,
      ...(signal && { signal }),
    });
    const health = healthSchema.safeParse(answer.body);
    if (!health.success || !isProof(health.data.proof, file.adminToken, nonce)) return undefined;
    return { folder: dirname(path), file, health: health.data };
  } catch {
    // Connection refused, reset or silent: whatever listens there is not our server.
    signal?.throwIfAborted();
    return undefined;
  }
}

async function readServerFile(path: string): Promise<ServerFile | undefined> {
  try {
    if (!(await isOurs(path))) return undefined;
    const text = await readFile(path, 'utf8');
    return serverFileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Absent, or just being written: the caller looks again or starts a server.
    return undefined;
  }
}

/**
 * Whether this user wrote the file: whoever else could put one there would know its token, and get what
 * is meant for the server. On file systems without owners everything belongs to the folder's.
 */
async function isOurs(path: string): Promise<boolean> {
  const user = process.getuid?.();
  if (user === undefined) return true; // Windows: the folder's access list decides
  const [file, folder] = await Promise.all([stat(path), stat(dirname(path))]);
  return file.uid === user || file.uid === folder.uid;
}
