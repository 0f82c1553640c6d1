import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { endGroup } from '../../reaper/processGroup.ts';
import { processStart } from '../../reaper/processStart.ts';
import type { Log } from '../log.ts';

const recordSchema = z.array(z.object({ pid: z.number().int().positive(), start: z.string() }));

/** `processes.json` in the data folder: which process groups run, for the start after a crash. */
export class ProcessRecord {
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();
  #next: string | undefined;

  constructor(
    dataFolder: string,
    private readonly log: Log,
  ) {
    this.#file = join(dataFolder, 'processes.json');
  }

  /** Ends what is recorded and still the same process: both pid and start time must agree. */
  async sweep(): Promise<void> {
    const entries = await this.#read();
    await Promise.all(
      entries.map(async ({ pid, start }) => {
        if ((await processStart(pid)) !== start) return;
        this.log.info('ending a process that an earlier instance left behind', { pid });
        await endGroup(pid);
      }),
    );
    if (entries.length > 0) this.write(new Map());
  }

  /** Replaces the record soon; only the newest state is written. */
  write(groups: ReadonlyMap<number, string | undefined>): void {
    const entries = [...groups].flatMap(([pid, start]) => (start ? [{ pid, start }] : []));
    const pending = this.#next !== undefined;
    this.#next = JSON.stringify(entries);
    if (!pending) this.#writing = this.#writing.then(() => this.#writeNext());
  }

  /** Resolves when the record on disk is the newest. */
  flush(): Promise<void> {
    return this.#writing;
  }

  async #writeNext(): Promise<void> {
    const text = this.#next ?? '[]';
    this.#next = undefined;
    try {
      await writeFile(`${this.#file}.tmp`, text, { mode: 0o600 });
      await rename(`${this.#file}.tmp`, this.#file);
    } catch (error) {
      this.log.warning('running processes could not be recorded', { file: this.#file, error });
    }
  }

  async #read(): Promise<z.infer<typeof recordSchema>> {
    try {
      return recordSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.log.warning('the record of running processes is unreadable', { error });
      }
      return [];
    }
  }
}
