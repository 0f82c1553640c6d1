import { readFile, rename } from 'node:fs/promises';
import * as z from 'zod';
import { errorCode, fileTimestamp, replaceFile } from '../files.ts';
import { decrypt, encrypt, type SealedValue, sealedValueSchema } from './secretCipher.ts';
import type { SecretStore } from './secretStore.ts';
import { SecretsLockedError } from './secretsLockedError.ts';
import type { StoreProblem } from './store.ts';
import { reasonOf, StoreError } from './storeError.ts';

const secretsFileSchema = z.strictObject({
  version: z.literal(1),
  /** Seals a known text: tells the right key from a wrong one. Null before the first key. */
  check: sealedValueSchema.nullable(),
  values: z.record(z.string(), sealedValueSchema),
});

/** The name under which the check is sealed; no secret can have it. */
const checkName = '';

interface Opened {
  key: Uint8Array;
  values: Map<string, string>;
}

/** `secrets.json`: each value sealed on its own, the names in the clear. */
export class FileSecretStore implements SecretStore {
  readonly #listeners = new Set<() => void>();
  #sealed: Map<string, SealedValue>;
  #check: SealedValue | null;
  #opened: Opened | undefined;
  /** Writes and unlocking, one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: string,
    content: z.infer<typeof secretsFileSchema>,
    private readonly report: (problem: StoreProblem) => void,
  ) {
    this.#check = content.check;
    this.#sealed = new Map(Object.entries(content.values));
  }

  /**
   * Opens the file, locked; a missing one is an empty store, a damaged one is moved aside.
   * @throws the system's error where the file exists but cannot be read.
   */
  static async open(
    file: string,
    report: (problem: StoreProblem) => void,
  ): Promise<FileSecretStore> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    const content = text === undefined ? undefined : parse(text);
    if (text !== undefined && !content) {
      const kept = `${file}.damaged-${fileTimestamp()}`;
      await rename(file, kept);
      report({
        code: 'secrets_damaged',
        message: `The secrets in ${file} are damaged. The file was moved to ${kept}; enter tokens and passwords again.`,
      });
    }
    return new FileSecretStore(file, content ?? { version: 1, check: null, values: {} }, report);
  }

  get locked(): boolean {
    return this.#opened === undefined;
  }

  get(name: string): string | undefined {
    return this.#values(name).get(name);
  }

  names(prefix: string): string[] {
    return [...this.#sealed.keys()].filter((name) => name.startsWith(prefix));
  }

  async update(changes: Readonly<Record<string, string | null>>): Promise<void> {
    const entries = Object.entries(changes);
    this.#values(entries[0]?.[0] ?? '');
    await this.#inTurn(() => this.#update(entries));
  }

  async unlock(key: Uint8Array): Promise<boolean> {
    if (key.length !== 32) return false;
    return await this.#inTurn(() => this.#unlock(Uint8Array.from(key)));
  }

  onUnlocked(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #update(entries: readonly [name: string, value: string | null][]): Promise<void> {
    const { key, values } = this.#opened ?? this.#refuse(entries[0]?.[0] ?? '');
    const sealed = new Map(this.#sealed);
    for (const [name, value] of entries) {
      if (value === null) sealed.delete(name);
      else sealed.set(name, encrypt(key, name, value));
    }
    await this.#write(this.#check, sealed);
    this.#sealed = sealed;
    for (const [name, value] of entries) {
      if (value === null) values.delete(name);
      else values.set(name, value);
    }
  }

  async #unlock(key: Uint8Array): Promise<boolean> {
    if (this.#check) {
      if (decrypt(key, checkName, this.#check) === undefined) return false;
    } else {
      const check = encrypt(key, checkName, 'vMCP');
      await this.#write(check, this.#sealed);
      this.#check = check;
    }
    if (this.#opened) return true;
    this.#opened = { key, values: await this.#openValues(key) };
    for (const listener of [...this.#listeners]) listener();
    return true;
  }

  async #openValues(key: Uint8Array): Promise<Map<string, string>> {
    const values = new Map<string, string>();
    const damaged: string[] = [];
    for (const [name, sealed] of this.#sealed) {
      const value = decrypt(key, name, sealed);
      if (value === undefined) damaged.push(name);
      else values.set(name, value);
    }
    if (damaged.length > 0) await this.#drop(damaged);
    return values;
  }

  async #drop(names: readonly string[]): Promise<void> {
    const kept = `${this.file}.damaged-${fileTimestamp()}`;
    await replaceFile(kept, serialize(this.#check, this.#sealed));
    const sealed = new Map(this.#sealed);
    for (const name of names) sealed.delete(name);
    await this.#write(this.#check, sealed);
    this.#sealed = sealed;
    this.report({
      code: 'secrets_damaged',
      message: `Some secrets are damaged and must be entered again: ${names.join(', ')}. The file as it was is kept in ${kept}.`,
    });
  }

  async #write(check: SealedValue | null, sealed: Map<string, SealedValue>): Promise<void> {
    try {
      await replaceFile(this.file, serialize(check, sealed));
    } catch (error) {
      throw new StoreError(
        'write_failed',
        `The secrets could not be written to ${this.file}: ${reasonOf(error)}. Nothing was changed; free some space or check the folder's permissions, and try again.`,
        { cause: error },
      );
    }
  }

  #values(name: string): Map<string, string> {
    return (this.#opened ?? this.#refuse(name)).values;
  }

  #refuse(name: string): never {
    throw new SecretsLockedError(name);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // The failure is the caller's; the next one only waits for the end.
    this.#last = result.catch(() => undefined);
    return result;
  }
}

function parse(text: string): z.infer<typeof secretsFileSchema> | undefined {
  try {
    return secretsFileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function serialize(check: SealedValue | null, sealed: Map<string, SealedValue>): string {
  return `${JSON.stringify({ version: 1, check, values: Object.fromEntries(sealed) }, null, 1)}\n`;
}
