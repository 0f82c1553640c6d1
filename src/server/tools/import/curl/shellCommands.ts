import { InvalidError } from '../../../appErrors.ts';
import { mark, withoutMarks } from '../concrete/marks.ts';
import { ansiString } from './ansiString.ts';

const token =
  /(\\\r?\n|[ \t\r]+)|(\n|;|\|\|?|&&?)|(#[^\n]*)|([0-9]?>{1,2}&?|<{1,3})|\$?'|\$?"|\\([\s\S])|(\$\{?[A-Za-z_]\w*\}?)|\$\(|`|[\s\S]/gy;

/**
 * Divides the text of a shell (POSIX, with `$'…'` of Bash) into commands and words. Variables and
 * what commands would print become marks; redirections are left out.
 * @throws InvalidError with line and column for a quote that is never closed
 */
export function shellCommands(text: string): string[][] {
  return new ShellReader(withoutMarks(text)).read();
}

class ShellReader {
  readonly #commands: string[][] = [];
  #words: string[] = [];
  /** Undefined between words; an empty word can be written as `''`. */
  #word: string | undefined;
  /** The next word is where a redirection goes. */
  #isTarget = false;
  #position = 0;

  constructor(private readonly text: string) {}

  read(): string[][] {
    while (this.#position < this.text.length) this.#take();
    this.#endCommand();
    return this.#commands;
  }

  #take(): void {
    token.lastIndex = this.#position;
    const [whole = '', blank, separator, comment, redirection, escaped, variable] =
      token.exec(this.text) ?? [];
    const start = this.#position;
    this.#position += whole.length;
    if (blank !== undefined) this.#endWord();
    else if (separator !== undefined) this.#endCommand();
    else if (comment !== undefined && this.#word === undefined) return;
    else if (comment !== undefined) {
      this.#add('#');
      this.#position = start + 1;
    } else if (redirection !== undefined) this.#redirect(redirection);
    else if (whole === "'" || whole === "$'") this.#takeSingle(start, whole === "$'");
    else if (whole === '"' || whole === '$"') this.#takeDouble(start);
    else if (whole === '$(' || whole === '`') this.#takeSubstitution(whole, start);
    else if (escaped !== undefined) this.#add(escaped);
    else if (variable !== undefined) this.#add(mark(variable.replace(/[${}]/g, '')));
    else this.#add(whole);
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #endWord(): void {
    if (this.#word !== undefined && !this.#isTarget) this.#words.push(this.#word);
    if (this.#word !== undefined) this.#isTarget = false;
    this.#word = undefined;
  }

  #endCommand(): void {
    this.#endWord();
    this.#isTarget = false;
    if (this.#words.length > 0) this.#commands.push(this.#words);
    this.#words = [];
  }

  /** `2>file`: the number belongs to it where it stands alone. */
  #redirect(written: string): void {
    if (this.#word !== undefined && /^\d/.test(written)) this.#add(written.charAt(0));
    this.#endWord();
    this.#isTarget = true;
  }

  #takeSingle(start: number, isAnsi: boolean): void {
    const closing = isAnsi ? /(?:\\[\s\S]|[^'\\])*'/y : /[^']*'/y;
    const content = this.#match(closing, start).slice(0, -1);
    this.#add(isAnsi ? ansiString(content) : content);
  }

  #takeDouble(start: number): void {
    const content = this.#match(/(?:\\[\s\S]|[^"\\])*"/y, start).slice(0, -1);
    const part = /\\\r?\n|\\(["\\$`])|\$\{?([A-Za-z_]\w*)\}?|\$\([^)]*\)|`[^`]*`/g;
    this.#add(
      content.replace(part, (whole, escaped, name) => {
        if (whole.startsWith('\\')) return escaped ?? '';
        return mark(name ?? 'command_output');
      }),
    );
  }

  #takeSubstitution(opening: string, start: number): void {
    this.#match(opening === '`' ? /[^`]*`/y : /[^)]*\)/y, start);
    this.#add(mark('command_output'));
  }

  #match(pattern: RegExp, start: number): string {
    pattern.lastIndex = this.#position;
    const [matched] = pattern.exec(this.text) ?? [];
    if (matched === undefined) {
      const before = this.text.slice(0, start).split('\n');
      const place = `text: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
      throw new InvalidError('A quote is never closed', place);
    }
    this.#position += matched.length;
    return matched;
  }
}
