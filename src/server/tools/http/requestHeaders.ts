import { validateHeaderName, validateHeaderValue } from 'node:http';
import { RequestError } from './requestError.ts';

/** Said by the connection itself; a second one could divide a request in two. */
const ownHeaders = new Set(['content-length', 'transfer-encoding', 'connection', 'upgrade', 'te']);
const secretName =
  /authorization|cookie|token|secret|password|passwd|credential|signature|session|api[-_]?key|access[-_]?key|^x-[\w-]*key$/i;

/** Whether a header or parameter of this name is a credential, whatever it holds. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** The headers of one request, in order, one of a name. */
export class RequestHeaders {
  readonly #entries = new Map<string, { name: string; value: string; isSecret: boolean }>();

  /**
   * Sets a header in place of one with the same name.
   * @param isSecret never goes to another origin, and is masked where it is shown
   * @throws RequestError for a line break or what else headers cannot carry
   */
  set(name: string, value: string, isSecret = isSecretName(name)): void {
    const key = name.toLowerCase();
    if (ownHeaders.has(key)) return;
    try {
      validateHeaderName(name);
    } catch {
      throw new RequestError(`"${name}" cannot be the name of a header`);
    }
    try {
      validateHeaderValue(name, value);
    } catch {
      throw new RequestError(
        `The value of the header "${name}" holds a line break or characters that headers cannot carry`,
      );
    }
    this.#entries.set(key, { name, value, isSecret });
  }

  /** Sets a header unless there is one. */
  setDefault(name: string, value: string): void {
    if (!this.#entries.has(name.toLowerCase())) this.set(name, value, false);
  }

  get(name: string): string | undefined {
    return this.#entries.get(name.toLowerCase())?.value;
  }

  delete(name: string): void {
    this.#entries.delete(name.toLowerCase());
  }

  entries(): { name: string; value: string; isSecret: boolean }[] {
    return [...this.#entries.values()];
  }
}
