/** The environment of a lease's holder. */
export type HolderEnvironment = Readonly<Record<string, string>>;

/** Who keeps the server running: windows and launchers, by their open connection. */
export class Leases {
  readonly #holders = new Map<object, HolderEnvironment | undefined>();
  readonly #listeners = new Set<() => void>();

  get count(): number {
    return this.#holders.size;
  }

  /** The environment of whoever came last and is still there; undefined where none gave one. */
  get newestEnv(): HolderEnvironment | undefined {
    return [...this.#holders.values()].findLast((env) => env !== undefined);
  }

  /** Calls back at each change of `count` or `newestEnv`; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  take(holder: object, env: HolderEnvironment | undefined): void {
    this.#holders.delete(holder); // a holder that speaks again becomes the newest
    this.#holders.set(holder, env);
    this.#tell();
  }

  release(holder: object): void {
    if (this.#holders.delete(holder)) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
