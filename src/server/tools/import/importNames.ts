const maxToolName = 46;
const maxVariableName = 64;
const maxSlug = 30;

/** Names made legal and unique, compared without case. */
export class UniqueNames {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set([...taken].map((name) => name.toLowerCase()));
  }

  /** The name, or with a number where it is taken, at most `maxLength` characters. */
  take(wanted: string, maxLength: number): string {
    let name = wanted.slice(0, maxLength);
    for (let number = 2; this.#taken.has(name.toLowerCase()); number += 1) {
      const suffix = `_${number}`;
      name = wanted.slice(0, maxLength - suffix.length) + suffix;
    }
    this.#taken.add(name.toLowerCase());
    return name;
  }

  tool(wanted: string): string {
    return this.take(plainName(wanted, /[^A-Za-z0-9_-]+/g) || 'request', maxToolName);
  }

  key(wanted: string): string {
    return this.take(wanted, maxVariableName);
  }

  variable(wanted: string): string {
    const name = plainName(wanted, /[^A-Za-z0-9_]+/g) || 'value';
    return this.take(/^\d/.test(name) ? `_${name}` : name, maxVariableName);
  }
}

/** The beginning of the configuration keys of an import: `Pet Store (v2)` → `pet_store_v2`. */
export function slugOf(title: string): string {
  const slug = plainName(title, /[^A-Za-z0-9]+/g).toLowerCase();
  return slug.slice(0, maxSlug).replace(/_$/, '') || 'api';
}

/** A key of the configuration. */
export function configKey(slug: string, name: string): string {
  const plain = plainName(name, /[^A-Za-z0-9]+/g).toLowerCase() || 'value';
  return plain.startsWith(slug) ? plain : `${slug}_${plain}`;
}

function plainName(text: string, illegal: RegExp): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(illegal, '_')
    .replace(/_{2,}/g, '_')
    .replace(/^_|_$/g, '');
}
