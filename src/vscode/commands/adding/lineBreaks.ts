/**
 * An input box takes line breaks out of what is pasted, which joins comments and TOML to one line.
 * @param clipboard what was probably pasted
 * @returns the text with its line breaks, where the clipboard has them, else as it was typed
 */
export function withLineBreaks(typed: string, clipboard: string): string {
  const isPasted = /[\r\n]/.test(clipboard) && flat(typed) === flat(clipboard);
  return isPasted ? clipboard : typed;
}

function flat(text: string): string {
  return text.replace(/\s+/g, '');
}
