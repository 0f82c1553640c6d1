import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { errorCode, renameOver } from '../files.ts';
import { type RegistryEntry, registryEntrySchema } from './recipe.ts';

/** Changes whenever copies of before cannot be read any more. */
const format = 1;

const headSchema = z.object({
  format: z.literal(format),
  url: z.string(),
  fetched_at: z.iso.datetime(),
});

export interface RegistryCopy {
  fetchedAt: string;
  entries: RegistryEntry[];
}

/**
 * Copies of registries on the disk, one file each: a line that says what it is, then a line for each
 * page. They are read and written page by page, so that nothing else waits for them.
 */
export class RegistryCopies {
  constructor(private readonly folder: string) {}

  /** Undefined where there is none, or none that can be read. */
  async read(url: string): Promise<RegistryCopy | undefined> {
    const stream = createReadStream(this.#file(url), 'utf8');
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    try {
      let head: z.infer<typeof headSchema> | undefined;
      const entries: RegistryEntry[] = [];
      for await (const line of lines) {
        if (head) entries.push(...z.array(registryEntrySchema).parse(JSON.parse(line)));
        else head = headSchema.parse(JSON.parse(line));
      }
      return head?.url === url ? { fetchedAt: head.fetched_at, entries } : undefined;
    } catch (error) {
      const isUnreadable = error instanceof z.ZodError || error instanceof SyntaxError;
      if (isUnreadable || errorCode(error) === 'ENOENT') return undefined;
      throw error;
    } finally {
      lines.close();
      stream.destroy();
    }
  }

  /** Begins a new copy; the one of before stays until `finish`. */
  async begin(url: string, fetchedAt: string): Promise<RegistryCopyWriter> {
    await mkdir(this.folder, { recursive: true });
    const file = this.#file(url);
    const temporary = `${file}.${randomUUID()}.tmp`;
    const writer = new RegistryCopyWriter(await open(temporary, 'wx', 0o600), temporary, file);
    await writer.write({ format, url, fetched_at: fetchedAt });
    return writer;
  }

  #file(url: string): string {
    const name = createHash('sha256').update(url).digest('hex').slice(0, 16);
    return join(this.folder, `registry-${name}.jsonl`);
  }
}

/** A copy that is being written; either `finish` or `discard` ends it. */
export class RegistryCopyWriter {
  constructor(
    private readonly handle: FileHandle,
    private readonly temporary: string,
    private readonly file: string,
  ) {}

  async write(line: object): Promise<void> {
    await this.handle.appendFile(`${JSON.stringify(line)}\n`);
  }

  async finish(): Promise<void> {
    await this.handle.close();
    await renameOver(this.temporary, this.file);
  }

  async discard(): Promise<void> {
    await this.handle.close();
    await rm(this.temporary, { force: true });
  }
}
