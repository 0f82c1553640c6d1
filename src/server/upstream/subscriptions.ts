/** Which parties want to hear of changes of which resources of one connection. */
export class Subscriptions {
  readonly #parties = new Map<string, Set<string>>();

  get isEmpty(): boolean {
    return this.#parties.size === 0;
  }

  uris(): Iterable<string> {
    return this.#parties.keys();
  }

  /** Whether anybody wants to hear of it, so that the server has been told. */
  has(uri: string): boolean {
    return this.#parties.has(uri);
  }

  /** Whether an update of `uri` concerns the party: it may be of a part of what was subscribed. */
  concerns(uri: unknown, partyId: string): boolean {
    const exact = typeof uri === 'string' ? this.#parties.get(uri) : undefined;
    return exact === undefined ? this.hasParty(partyId) : exact.has(partyId);
  }

  hasParty(partyId: string): boolean {
    for (const parties of this.#parties.values()) if (parties.has(partyId)) return true;
    return false;
  }

  /** @returns whether it is the first for this URI */
  add(uri: string, partyId: string): boolean {
    const parties = this.#parties.get(uri);
    if (parties === undefined) {
      this.#parties.set(uri, new Set([partyId]));
      return true;
    }
    parties.add(partyId);
    return false;
  }

  /** @returns whether it was the last for this URI */
  remove(uri: string, partyId: string): boolean {
    const parties = this.#parties.get(uri);
    if (parties?.delete(partyId) !== true || parties.size > 0) return false;
    return this.#parties.delete(uri);
  }

  /** Takes a party out. */
  removeParty(partyId: string): { uris: string[]; abandoned: string[] } {
    const uris: string[] = [];
    const abandoned: string[] = [];
    for (const [uri, parties] of [...this.#parties]) {
      if (!parties.has(partyId)) continue;
      uris.push(uri);
      if (this.remove(uri, partyId)) abandoned.push(uri);
    }
    return { uris, abandoned };
  }
}
