import type { Credential, ImportConfig } from '../importConfig.ts';

/** Variables that a document brings along, and what of them is secret. */
export class KnownValues {
  readonly #values = new Map<string, string>();
  readonly #secret = new Set<string>();

  add(name: string, value: string, isSecret: boolean): void {
    this.#values.set(name, value);
    if (isSecret) this.#secret.add(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** A reference to the variable in the configuration, where its value goes unless it is secret. */
  reference(name: string, config: ImportConfig): string {
    if (this.#secret.has(name)) return config.secret(variableSecret(name));
    return config.value(name, this.#values.get(name) ?? '');
  }
}

/** A credential that a document leaves to a variable. */
export function variableSecret(name: string): Credential {
  return { name, description: `The variable “${name}”`, identity: `{{${name}}}` };
}
