/**
 * Splits a command line into words as a shell does: blanks separate, quotes hold together, and a
 * backslash keeps the next character, save in single quotes. Before letters it stays, since Windows
 * paths are full of them.
 * @throws Error where a quote is left open
 */
export function splitCommandLine(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const next = text.charAt(i + 1);
    if (char === '\\' && quote !== "'" && next !== '' && !/[A-Za-z0-9._]/.test(next)) {
      word = (word ?? '') + next;
      i++;
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== undefined) throw new Error(`The quote ${quote} is not closed.`);
  if (word !== undefined) words.push(word);
  return words;
}

/** Joins words so that `splitCommandLine` gives them back. */
export function joinCommandLine(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (word !== '' && !/[\s'"\\]/.test(word)) return word;
  return word.includes("'") ? `"${word.replace(/["\\]/g, '\\$&')}"` : `'${word}'`;
}
