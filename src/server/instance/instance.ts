import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerFile, serverFileSchema } from '../../contract/admin.ts';
import { hostFolder, serverFileName } from '../../contract/storageFolders.ts';
import { errorCode, replaceFile } from '../files.ts';
import { AlreadyRunningError } from './alreadyRunningError.ts';
import { FolderLock } from './folderLock.ts';
import { ownIdentity, type ProcessIdentity } from './processIdentity.ts';

/** The one server of a storage folder: holds its lock, and tells where it is. */
export class Instance {
  /** Opens REST and `/ws`; new at each start. */
  readonly adminToken = randomBytes(32).toString('base64url');
  readonly #startedAt = new Date().toISOString();

  constructor(
    readonly id: string,
    /** Where its data is: the storage folder, or this host's own folder in it. */
    readonly dataDir: string,
    private readonly lock: FolderLock,
    private readonly identity: ProcessIdentity,
    private readonly version: string,
  ) {}

  /** Whether no other server has taken over the folder. */
  isOurs(): Promise<boolean> {
    return this.lock.isOurs();
  }

  /** Tells windows and launchers where the server is; call it once it listens. */
  async writeServerFile({ port }: { port: number }): Promise<void> {
    const content: ServerFile = {
      instance: this.id,
      host: this.identity.host,
      pid: this.identity.pid,
      port,
      adminToken: this.adminToken,
      version: this.version,
      startedAt: this.#startedAt,
    };
    await replaceFile(this.#serverFile, `${JSON.stringify(content, null, 1)}\n`);
  }

  /** Removes `server.json` and gives the lock back. */
  async release(): Promise<void> {
    if ((await this.#writtenServerFile())?.instance === this.id) {
      await rm(this.#serverFile, { force: true });
    }
    await this.lock.release();
  }

  get #serverFile(): string {
    return join(this.dataDir, serverFileName);
  }

  async #writtenServerFile(): Promise<ServerFile | undefined> {
    try {
      return serverFileSchema.safeParse(JSON.parse(await readFile(this.#serverFile, 'utf8'))).data;
    } catch {
      // Missing or not ours to understand: nothing to remove.
      return undefined;
    }
  }
}

/**
 * Makes this process the server of a storage folder, which is made where it is missing. Where a
 * server of another host holds it, this host gets a folder of its own inside.
 * @throws AlreadyRunningError where a server of this host has it; the system's error where the
 * folder cannot be used.
 */
export async function acquireInstance(options: {
  dataDir: string;
  version: string;
}): Promise<Instance> {
  const { dataDir, version } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const identity = await ownIdentity();
  const about = { instance: randomUUID(), version };
  const own = hostFolder(dataDir, identity.host);
  for (const folder of (await exists(own)) ? [own] : [dataDir, own]) {
    const taken = await FolderLock.take(folder, identity, about);
    if (taken instanceof FolderLock) {
      return new Instance(about.instance, folder, taken, identity, version);
    }
    if (taken.here || folder === own) throw new AlreadyRunningError(folder, taken.owner);
  }
  throw new Error(`No server could be started on ${dataDir}.`);
}

async function exists(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
