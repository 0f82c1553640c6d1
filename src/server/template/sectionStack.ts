import type { TagPiece } from './template.ts';

const maxDepth = 64;

/** The sections that are open at a place in a text. */
export class SectionStack {
  readonly #open: TagPiece[] = [];

  /** Follows a tag. @returns what is wrong with it there, if anything */
  follow(tag: TagPiece): string | undefined {
    if (tag.sigil === '#' || tag.sigil === '^') {
      this.#open.push(tag);
      return this.#open.length > maxDepth ? `Sections nested deeper than ${maxDepth}` : undefined;
    }
    if (tag.sigil !== '/') return undefined;
    const opened = this.#open.pop();
    if (opened?.name === tag.name) return undefined;
    return opened
      ? `The section “${opened.name}” must be closed before “${tag.name}”`
      : `No section “${tag.name}” is open here`;
  }

  /** The sections that were not closed. */
  get open(): readonly TagPiece[] {
    return this.#open;
  }
}
