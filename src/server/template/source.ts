/**
 * A text being parsed, together with where each of its characters stands in the whole template:
 * text of a string in a reference's arguments has lost its quotes and escapes.
 */
export class Source {
  /** @param origins the place of the first character, or of each one and of the end */
  constructor(
    readonly text: string,
    private readonly origins: number | readonly number[] = 0,
  ) {}

  /** Where a place in this text is in the whole template. */
  origin(index: number): number {
    if (typeof this.origins === 'number') return this.origins + index;
    return this.origins[index] ?? this.origins.at(-1) ?? 0;
  }

  part(start: number, end: number): Source {
    const { origins } = this;
    return new Source(
      this.text.slice(start, end),
      typeof origins === 'number' ? origins + start : origins.slice(start, end + 1),
    );
  }
}
