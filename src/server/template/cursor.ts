import type { Source } from './source.ts';

/** What looks like a reference is none; `at` is the place in the source where that became clear. */
export class SyntaxFailure extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** A place in a source that moves forward while it is read. */
export class Cursor {
  constructor(
    readonly source: Source,
    public position: number,
  ) {}

  /** The next character; empty at the end. */
  peek(): string {
    return this.source.text[this.position] ?? '';
  }

  /** Moves over the text if it comes next. */
  take(text: string): boolean {
    if (!this.source.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /**
   * Moves over what the pattern matches here.
   * @param pattern must be sticky, and linear in what it reads
   */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.source.text);
    if (!match) return undefined;
    this.position += match[0].length;
    return match;
  }

  skipSpace(): void {
    this.match(/\s*/y);
  }

  /** The text from a place up to here. */
  since(start: number): string {
    return this.source.text.slice(start, this.position);
  }

  fail(message: string, at = this.position): never {
    throw new SyntaxFailure(message, at);
  }
}
