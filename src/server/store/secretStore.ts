/** Values that must not stand in the database: `secrets.json`, AES-256-GCM. */
export interface SecretStore {
  /** Without the key nothing can be read or written; what needs a secret is then `locked`. */
  readonly locked: boolean;
  /** @throws SecretsLockedError without the key. */
  get(name: string): string | undefined;
  /** Names that begin with `prefix`; known even while locked. */
  names(prefix: string): string[];
  /**
   * Sets (string) or removes (null) values; durable when the promise resolves.
   * @throws SecretsLockedError without the key.
   */
  update(changes: Readonly<Record<string, string | null>>): Promise<void>;
  /**
   * Opens the store with its 32-byte key; the first key ever given becomes the store's own.
   * @returns false where the key is not the one the file was written with.
   */
  unlock(key: Uint8Array): Promise<boolean>;
  /** Calls back at each change of `locked`; returns how to stop. */
  onUnlocked(listener: () => void): () => void;
}
