import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { syncFolder } from '../files.ts';
import { encodeRecord } from './journalRecords.ts';

/** First record of each journal: in which schema its other records are written. */
export const journalHeaderSchema = z.object({ journal: z.literal(1), schema: z.number().int() });

/** One journal while it is written; calls must not overlap. */
export class JournalFile {
  #length: number;
  /** A failed append may have left bytes behind that could not be removed yet. */
  #unclean = false;

  private constructor(
    private readonly handle: FileHandle,
    headLength: number,
  ) {
    this.#length = headLength;
  }

  /** @throws the system's error where the file exists or cannot be written; then there is none. */
  static async create(file: string, schema: number): Promise<JournalFile> {
    const header = encodeRecord({ journal: 1, schema });
    const handle = await open(file, 'wx', 0o600);
    try {
      await writeAll(handle, header, 0);
      await handle.datasync();
      await syncFolder(dirname(file));
    } catch (error) {
      await handle.close();
      await rm(file, { force: true });
      throw error;
    }
    return new JournalFile(handle, header.length);
  }

  /** Bytes of whole records. */
  get length(): number {
    return this.#length;
  }

  /**
   * Appends records: all of them or, where it throws the system's error, none.
   * @param durable wait until they are on the disk.
   */
  async append(records: readonly Buffer[], durable: boolean): Promise<void> {
    if (this.#unclean) await this.#truncate();
    const bytes = records.length === 1 && records[0] ? records[0] : Buffer.concat(records);
    this.#unclean = true;
    try {
      await writeAll(this.handle, bytes, this.#length);
      if (durable) await this.handle.datasync();
    } catch (error) {
      // Where this fails too, the next append begins with it; the first error tells more.
      await this.#truncate().catch(() => undefined);
      throw error;
    }
    this.#unclean = false;
    this.#length += bytes.length;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  async #truncate(): Promise<void> {
    await this.handle.truncate(this.#length);
    this.#unclean = false;
  }
}

/** Writes everything: near a full disk a single write may take only a part. */
async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
