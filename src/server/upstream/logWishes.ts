import { severities } from '../../contract/severities.ts';

/** How verbose each party wants a server's log messages; each client is filtered later. */
export class LogWishes {
  readonly #wishes = new Map<string, string>();

  /** null, or a level that is none: no wish. */
  set(partyId: string, level: string | null): void {
    const known = severities.find((name) => name === level);
    if (known === undefined) this.#wishes.delete(partyId);
    else this.#wishes.set(partyId, known);
  }

  /** The most verbose wish of all; undefined where nobody has one. */
  get level(): string | undefined {
    const wishes = new Set(this.#wishes.values());
    return severities.find((level) => wishes.has(level));
  }
}
