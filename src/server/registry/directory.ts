import type { RegistryEntry } from './recipe.ts';

interface Listed {
  entry: RegistryEntry;
  title: string;
  /** Everything that is searched, in lower case. */
  text: string;
}

/** Servers that can be searched. Of two with one id the first one counts. */
export class Directory {
  readonly #byId = new Map<string, Listed>();

  get size(): number {
    return this.#byId.size;
  }

  /** All that a server is in, in alphabetical order. */
  get categories(): string[] {
    const names = [...this.#byId.values()].map(({ entry }) => entry.category);
    return [...new Set(names)].filter((name) => name !== '').sort();
  }

  add(entries: readonly RegistryEntry[]): void {
    for (const entry of entries) {
      if (this.#byId.has(entry.registry_id)) continue;
      const { registry_id, title, description, category, options } = entry;
      const reached = options.map(({ summary }) => summary);
      const text = [registry_id, title, description, category, ...reached].join('\n').toLowerCase();
      this.#byId.set(registry_id, { entry, title: title.toLowerCase(), text });
    }
  }

  get(id: string): RegistryEntry | undefined {
    return this.#byId.get(id)?.entry;
  }

  /** Those that hold every word, the ones whose title begins so first. */
  search(words: string, category: string | undefined): RegistryEntry[] {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const [first = ''] = wanted;
    const begins: RegistryEntry[] = [];
    const named: RegistryEntry[] = [];
    const mentions: RegistryEntry[] = [];
    for (const { entry, title, text } of this.#byId.values()) {
      if (category !== undefined && entry.category !== category) continue;
      if (!wanted.every((word) => text.includes(word))) continue;
      const isNamed = wanted.every((word) => title.includes(word));
      (title.startsWith(first) ? begins : isNamed ? named : mentions).push(entry);
    }
    return [...begins, ...named, ...mentions];
  }
}
