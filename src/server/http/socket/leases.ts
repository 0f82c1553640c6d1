import type { LeaseMessage } from '../../../contract/admin.ts';

/** What a holder told about itself. */
export type Holder = Readonly<Pick<LeaseMessage, 'env' | 'folders'>>;

/** Who keeps the server running: windows and launchers, by their open connection. */
export class Leases {
  readonly #holders = new Map<object, Holder>();
  readonly #listeners = new Set<() => void>();

  get count(): number {
    return this.#holders.size;
  }

  /** The environment of whoever came last and is still there; undefined where none gave one. */
  get newestEnv(): Holder['env'] {
    return [...this.#holders.values()].findLast(({ env }) => env !== undefined)?.env;
  }

  /** The folders of the window that came last among those with folders; undefined where none has. */
  get newestFolders(): Holder['folders'] {
    return [...this.#holders.values()].findLast(({ folders = [] }) => folders.length > 0)?.folders;
  }

  /** Calls back at each change of who is there and what they told; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  take(connection: object, holder: Holder): void {
    this.#holders.delete(connection); // a holder that speaks again becomes the newest
    this.#holders.set(connection, holder);
    this.#tell();
  }

  release(connection: object): void {
    if (this.#holders.delete(connection)) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
