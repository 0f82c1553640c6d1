import type { JsonObject } from '../../src/contract/json.ts';
import type { WindowLink } from '../shared/windowLink.ts';

/** How the page looks, beside what it edits: what is unfolded, searched for, scrolled to. */
export class EditorView {
  search = '';
  /** Servers whose parts are shown. */
  readonly unfolded: Set<string>;
  /** Tools whose overrides are shown, as `server/tool`. */
  readonly editing: Set<string>;
  /** Whether the client token in the address is shown. */
  tokenShown = false;

  constructor(
    private readonly link: WindowLink,
    private readonly changed: () => void,
  ) {
    const { unfolded, editing, search } = link.firstView;
    this.unfolded = new Set(textsOf(unfolded));
    this.editing = new Set(textsOf(editing));
    if (typeof search === 'string') this.search = search;
  }

  toggle(which: 'unfolded' | 'editing', key: string): void {
    if (!this[which].delete(key)) this[which].add(key);
    this.#keep();
  }

  /** Unfolds what a path of the form leads through. */
  reveal(path: string): void {
    const match =
      /^servers\.([^.]+)(?:\.overrides\.(.+?)(?:\.(?:name|title|description|arguments\b.*))?)?$/.exec(
        path,
      );
    if (!match?.[1]) return;
    this.search = '';
    this.unfolded.add(match[1]);
    if (match[2]) this.editing.add(`${match[1]}/${match[2]}`);
    this.#keep();
  }

  searchFor(text: string): void {
    this.search = text;
    this.#keep();
  }

  showToken(): void {
    this.tokenShown = !this.tokenShown;
    this.changed();
  }

  /** Remembers how far down the page was. */
  scrolled(): void {
    this.link.keepView(this.#state());
  }

  #keep(): void {
    this.link.keepView(this.#state());
    this.changed();
  }

  #state(): JsonObject {
    return {
      search: this.search,
      unfolded: [...this.unfolded],
      editing: [...this.editing],
      top: Math.round(window.scrollY),
    };
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
