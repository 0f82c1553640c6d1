import type { Span } from './template.ts';

/** A place in a text as editors count it: both begin with 1, columns are UTF-16 units. */
export interface Location {
  line: number;
  column: number;
}

/** Finds places in a text; made once for many of them. */
export class Locator {
  readonly #lineStarts = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.#lineStarts.push(at + 1);
    }
  }

  locate(offset: number): Location {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }
}

/** Where something in a template stands, for messages: `arguments.city: line 2, column 7: @param.x` */
export function describePlace(place: string, whole: string, { start, end }: Span): string {
  const { line, column } = new Locator(whole).locate(start);
  const written = whole.slice(start, end);
  const shown = written.length > 100 ? `${written.slice(0, 100)}…` : written;
  return `${place}: line ${line}, column ${column}: ${shown}`;
}
