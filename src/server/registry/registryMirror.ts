import type { Log } from '../log.ts';
import { Directory } from './directory.ts';
import { messageOfCause } from './messageOfCause.ts';
import { readRegistry } from './registryClient.ts';
import type { RegistryCopies, RegistryCopyWriter } from './registryCopy.ts';

/** A copy that is older is made anew when somebody looks. */
const freshMs = 24 * 60 * 60 * 1000;
/** After a failure the registry is left alone for this time. */
const retryMs = 60_000;
/** A copy that nobody looks at is let go: it takes many megabytes. */
const idleMs = 10 * 60 * 1000;
/** How long the first look waits for the first page. */
const firstPageMs = 8_000;

/** One registry as it is known here: the copy on the disk, made anew in the background. */
export class RegistryMirror {
  #directory: Directory | undefined;
  #fetchedAt: string | undefined;
  #problem: string | undefined;
  #triedAt = 0;
  #loading: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #closing = new AbortController();

  constructor(
    readonly url: string,
    private readonly copies: RegistryCopies,
    private readonly log: Log,
  ) {}

  get state(): {
    state: 'none' | 'loading' | 'copy';
    fetchedAt: string | null;
    problem: string | null;
  } {
    const known = this.#fetchedAt === undefined ? 'none' : 'copy';
    return {
      state: this.#refreshing ? 'loading' : known,
      fetchedAt: this.#fetchedAt ?? null,
      problem: this.#problem ?? null,
    };
  }

  /**
   * What is known. A copy that is old is made anew meanwhile; where there is none, the first page is
   * waited for, but not long.
   * @param again whether the registry is asked in any case
   */
  async look(again: boolean): Promise<Directory> {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#letGo(), idleMs).unref();
    this.#loading ??= this.#load();
    await this.#loading;
    const firstPage = this.#isDue(again) ? this.#refresh() : undefined;
    if (firstPage && this.#fetchedAt === undefined) await firstPage;
    return this.#directory ?? new Directory();
  }

  /** Ends what goes on in the background. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#closing.abort(new Error('The registry is no longer asked.'));
    await this.#refreshing;
  }

  async #load(): Promise<void> {
    const copy = await this.copies.read(this.url);
    if (!copy) return;
    this.#directory = new Directory();
    this.#directory.add(copy.entries);
    this.#fetchedAt = copy.fetchedAt;
  }

  /** It is read from the disk again by the next look. */
  #letGo(): void {
    if (this.#refreshing || this.#fetchedAt === undefined) return;
    this.#directory = undefined;
    this.#loading = undefined;
  }

  #isDue(again: boolean): boolean {
    if (this.#refreshing || this.#closing.signal.aborted) return false;
    if (again) return true;
    const age = Date.now() - Date.parse(this.#fetchedAt ?? '1970-01-01T00:00:00.000Z');
    return age > freshMs && Date.now() - this.#triedAt > retryMs;
  }

  /** @returns what resolves with the first page, or when there is none in time */
  #refresh(): Promise<void> {
    this.#triedAt = Date.now();
    let tellFirst = () => {};
    const first = new Promise<void>((resolve) => {
      tellFirst = resolve;
      setTimeout(resolve, firstPageMs).unref();
    });
    this.#refreshing = this.#copy(tellFirst)
      .then(
        () => {
          this.#problem = undefined;
        },
        (error: unknown) => {
          this.#problem = messageOfCause(error);
          this.log.info('The registry is not read', { url: this.url, reason: this.#problem });
        },
      )
      .finally(() => {
        this.#refreshing = undefined;
        tellFirst();
      });
    return first;
  }

  async #copy(tellFirst: () => void): Promise<void> {
    const fetchedAt = new Date().toISOString();
    const writer = await this.copies.begin(this.url, fetchedAt);
    const directory = new Directory();
    try {
      await this.#fill(directory, writer, tellFirst);
    } catch (error) {
      await writer.discard();
      throw error;
    }
    await writer.finish();
    this.#directory = directory;
    this.#fetchedAt = fetchedAt;
  }

  async #fill(directory: Directory, writer: RegistryCopyWriter, tellFirst: () => void) {
    for await (const page of readRegistry(this.url, this.#closing.signal)) {
      directory.add(page);
      await writer.write(page);
      // Where nothing is known yet, a part is better than nothing.
      if (this.#fetchedAt === undefined) this.#directory = directory;
      tellFirst();
    }
  }
}
