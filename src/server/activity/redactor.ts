import type { JsonValue } from '../../contract/json.ts';
import { secretMask } from '../../contract/secretMask.ts';
import type { EventBus } from '../events.ts';
import type { SecretStore } from '../store/secretStore.ts';

/** Shorter secrets would be found in too much that is none. */
const minSecretLength = 6;
/** Longer secrets count with their first part when a text is cut. */
const maxMargin = 16 * 1024;
/** Names of the secrets in the configurations of vMCPs. */
const configPrefix = 'vmcp/';

/**
 * Replaces the secrets of the store wherever they appear. Secrets that were changed or removed while
 * the server runs stay known, since answers on their way may still hold them.
 */
export class Redactor {
  readonly #known = new Set<string>();
  readonly #stops: (() => void)[];
  #pattern: RegExp | undefined;
  #margin = 0;
  #isStale = true;
  #revision = 0;

  constructor(
    private readonly secrets: SecretStore,
    events: EventBus,
  ) {
    const markStale = () => {
      this.#isStale = true;
    };
    this.#stops = [
      secrets.onUnlocked(markStale),
      events.subscribe(({ type }) => {
        if (['server.changed', 'vmcp.changed', 'secrets.changed'].includes(type)) markStale();
      }),
    ];
  }

  /** Another number whenever more is replaced than before. */
  get revision(): number {
    this.#refresh();
    return this.#revision;
  }

  /** Whether there is nothing that it would replace, in whatever form a text may write it. */
  get isIdle(): boolean {
    return this.#refresh() === undefined;
  }

  /** How much more than it keeps of a text `cutText` needs, so that no secret is cut in half. */
  get margin(): number {
    this.#refresh();
    return this.#margin;
  }

  /** The JSON text of a value without secrets; `text` itself, its whole JSON, where it holds none. */
  json(value: JsonValue, text: string): string {
    const pattern = this.#refresh();
    // every secret is known as JSON text holds it, too
    if (!pattern || text.search(pattern) === -1) return text;
    return JSON.stringify(redactValue(value, pattern));
  }

  /** A whole value without secrets; the same object where it holds none. */
  value(value: JsonValue): JsonValue {
    const pattern = this.#refresh();
    return pattern ? redactValue(value, pattern) : value;
  }

  /** The first `length` characters of a text without secrets, read from that and `margin` more. */
  cutText(text: string, length: number): string {
    const pattern = this.#refresh();
    if (!pattern) return text.slice(0, length);
    let clean = '';
    let position = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index >= length) break;
      clean += text.slice(position, match.index) + secretMask;
      position = match.index + match[0].length;
    }
    return clean + text.slice(position, Math.max(position, length));
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #refresh(): RegExp | undefined {
    if (!this.#isStale || this.secrets.locked) return this.#pattern;
    this.#isStale = false;
    const sizeBefore = this.#known.size;
    for (const name of this.secrets.names('')) {
      for (const secret of secretTexts(name, this.secrets.get(name))) {
        for (const form of writtenForms(secret)) this.#known.add(form);
      }
    }
    if (this.#known.size > sizeBefore) this.#compile();
    return this.#pattern;
  }

  #compile(): void {
    this.#revision += 1;
    const longestFirst = [...this.#known].toSorted((a, b) => b.length - a.length);
    this.#pattern = new RegExp(longestFirst.map(escapeRegExp).join('|'), 'g');
    this.#margin = Math.min(longestFirst[0]?.length ?? 0, maxMargin);
  }
}

/** What is secret in a stored value: those of vMCPs are JSON, of any shape; the others plain text. */
function secretTexts(name: string, stored: string | undefined): string[] {
  if (stored === undefined) return [];
  return name.startsWith(configPrefix) ? leafTexts(JSON.parse(stored) as JsonValue) : [stored];
}

function leafTexts(value: JsonValue): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).flatMap((item) => leafTexts(item ?? null));
  }
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/** A secret as it is, and as it stands inside JSON text. */
function writtenForms(secret: string): string[] {
  if (secret.length < minSecretLength) return [];
  return [secret, JSON.stringify(secret).slice(1, -1)];
}

function redactValue(value: JsonValue, pattern: RegExp): JsonValue {
  if (typeof value === 'string') return value.replace(pattern, secretMask);
  if (typeof value === 'number') return isSecretNumber(value, pattern) ? secretMask : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => redactValue(item, pattern));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let isChanged = false;
  const members = Object.entries(value).map(([name, member]) => {
    const clean: [string, JsonValue | undefined] = [
      name.replace(pattern, secretMask),
      member === undefined ? member : redactValue(member, pattern),
    ];
    isChanged ||= clean[0] !== name || clean[1] !== member;
    return clean;
  });
  return isChanged ? Object.fromEntries(members) : value;
}

function isSecretNumber(value: number, pattern: RegExp): boolean {
  return String(value).replace(pattern, '') === '';
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
