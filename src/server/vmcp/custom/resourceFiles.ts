import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { StoredResource } from '../../../contract/customItems.ts';
import { InvalidError } from '../../appErrors.ts';
import { errorCode, renameOver, syncFolder } from '../../files.ts';
import type { Log } from '../../log.ts';

/** Largest file of a resource, bytes. */
export const maxFileBytes = 10 * 1024 * 1024;

export type FileFact = NonNullable<StoredResource['file']>;

/** A file that no record refers to yet; kept until it is released. */
export interface NewFile {
  fact: FileFact;
  /** To be called once the record is written, or will not be. */
  release(): void;
}

/**
 * The files of custom resources: `resources/<vMCP>/<SHA-256 of the content>` in the storage folder.
 * Records say which are in use; `prune` removes the others.
 */
export class ResourceFiles {
  /** New files by path, and by how many writers. */
  readonly #held = new Map<string, number>();

  constructor(
    private readonly dataDir: string,
    private readonly log: Log,
    /** Of deletions that may be undone. */
    private readonly deleted: { resourcesOf(vmcpId: string): readonly StoredResource[] },
  ) {}

  /**
   * Takes a stream to the disk; durable when the promise resolves.
   * @throws InvalidError over 10 MiB, the stream's error, and what the file system says
   */
  async write(vmcpId: string, content: AsyncIterable<Uint8Array>): Promise<NewFile> {
    const folder = this.#folder(vmcpId);
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `${randomUUID()}.tmp`);
    const letGoOfTemporary = this.#hold(temporary);
    try {
      const fact = await writeDurably(temporary, content);
      const file = this.#file(vmcpId, fact.sha256);
      const release = this.#hold(file);
      try {
        await renameOver(temporary, file);
        await syncFolder(folder);
      } catch (error) {
        release();
        throw error;
      }
      return { fact, release };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      letGoOfTemporary();
    }
  }

  /** @throws where the file is gone */
  read(vmcpId: string, { sha256 }: FileFact): Promise<Buffer> {
    return readFile(this.#file(vmcpId, sha256));
  }

  stream(vmcpId: string, { sha256 }: FileFact): Readable {
    return createReadStream(this.#file(vmcpId, sha256));
  }

  /**
   * Removes the files of a vMCP that neither its record uses nor a deletion that may be undone; all
   * others where there is no record.
   */
  async prune(
    vmcpId: string,
    record: { custom_resources: readonly StoredResource[] } | undefined,
  ): Promise<void> {
    const resources = [...(record?.custom_resources ?? []), ...this.deleted.resourcesOf(vmcpId)];
    const used = new Set(resources.flatMap(({ file }) => file?.sha256 ?? []));
    const folder = this.#folder(vmcpId);
    try {
      const names = await readdir(folder);
      const held = names.filter((name) => used.has(name) || this.#held.has(join(folder, name)));
      const superfluous = names.filter((name) => !held.includes(name));
      await Promise.all(superfluous.map((name) => rm(join(folder, name), { force: true })));
      if (!record && held.length === 0) await rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      this.log.warning('files of resources could not be removed', { vmcp: vmcpId, error });
    }
  }

  /** Removes whatever a dead process left behind. */
  async sweep(
    recordOf: (vmcpId: string) => { custom_resources: readonly StoredResource[] } | undefined,
  ): Promise<void> {
    try {
      for (const vmcpId of await readdir(join(this.dataDir, 'resources'))) {
        await this.prune(vmcpId, recordOf(vmcpId));
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      this.log.warning('files of resources could not be looked through', { error });
    }
  }

  #folder(vmcpId: string): string {
    return join(this.dataDir, 'resources', vmcpId);
  }

  #file(vmcpId: string, sha256: string): string {
    return join(this.#folder(vmcpId), sha256);
  }

  #hold(file: string): () => void {
    this.#held.set(file, (this.#held.get(file) ?? 0) + 1);
    return () => {
      const others = (this.#held.get(file) ?? 1) - 1;
      if (others > 0) this.#held.set(file, others);
      else this.#held.delete(file);
    };
  }
}

async function writeDurably(file: string, content: AsyncIterable<Uint8Array>): Promise<FileFact> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      bytes += chunk.byteLength;
      if (bytes > maxFileBytes) {
        throw new InvalidError('The file is too large', `A resource holds at most 10 MiB.`);
      }
      hash.update(chunk);
      await handle.write(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
