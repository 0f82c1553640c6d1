import * as vscode from 'vscode';
import { withLineBreaks } from './lineBreaks.ts';

/**
 * What is typed or pasted into an input, with the line breaks that the input takes away. They are found
 * in the clipboard, which nothing waits for: browsers ask for a permission, and may never answer.
 */
export class PastedText {
  #clipboard = '';
  #isAsked = false;
  #isOver = false;

  /** @param onRead called when the clipboard is known */
  constructor(private readonly onRead: () => void) {
    if (vscode.env.uiKind === vscode.UIKind.Desktop) this.#read();
  }

  whole(typed: string): string {
    if (!this.#isAsked && linesMatter(typed)) this.#read();
    return withLineBreaks(typed, this.#clipboard);
  }

  dispose(): void {
    this.#isOver = true;
  }

  #read(): void {
    this.#isAsked = true;
    vscode.env.clipboard.readText().then(
      (text) => {
        if (this.#isOver) return;
        this.#clipboard = text;
        this.onRead();
      },
      () => undefined, // refused: the text stays as it was typed
    );
  }
}

/** Comments, and TOML, end with their lines. */
function linesMatter(typed: string): boolean {
  return /(^|\s)(\/\/|#)|^\s*\[\w/.test(typed);
}
