import type { JsonValue } from '../../../contract/json.ts';
import type { ToolImport } from '../../../contract/toolImport.ts';
import { configKey, slugOf, UniqueNames } from './importNames.ts';

/** A credential that tools need. */
export interface Credential {
  /** What its key is made of. */
  name: string;
  description: string;
  /** Tells it from others of the same name; equal ones share a key. */
  identity: string;
}

/** What the tools of one import take from the vMCP's configuration. */
export class ImportConfig {
  readonly #names = new UniqueNames();
  readonly #keys = new Map<string, string>();
  readonly #values = new Map<string, JsonValue>();
  readonly #secrets = new Map<string, string>();

  /** @param title keys begin with it, unless told otherwise */
  constructor(private readonly title: string) {}

  /** A reference to a value that is no secret. */
  value(name: string, value: JsonValue): string {
    const key = this.#keyOf(`value ${name}`, name, this.title);
    if (!this.#values.has(key)) this.#values.set(key, value);
    return `@config.${key}`;
  }

  /**
   * A reference to a credential, which the user enters. Different ones never share a key: what is
   * entered for one host must not go to another.
   */
  secret({ name, description, identity }: Credential, title = this.title): string {
    const key = this.#keyOf(`secret ${identity}`, name, title);
    if (!this.#secrets.has(key)) this.#secrets.set(key, description);
    return `@config.${key}`;
  }

  /** Only what these texts (templates, or JSON of them) refer to. */
  usedIn(texts: readonly string[]): Pick<ToolImport, 'config' | 'secrets'> {
    const used = new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/(?:@|\{\{)config\.(\w+)/g)].map(([, key = '']) => key),
      ),
    );
    return {
      config: Object.fromEntries([...this.#values].filter(([key]) => used.has(key))),
      secrets: [...this.#secrets]
        .filter(([key]) => used.has(key))
        .map(([key, description]) => ({ key, description })),
    };
  }

  #keyOf(identity: string, name: string, title: string): string {
    let key = this.#keys.get(identity);
    if (key === undefined) {
      key = this.#names.key(configKey(slugOf(title), name));
      this.#keys.set(identity, key);
    }
    return key;
  }
}
