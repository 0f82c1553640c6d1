import * as vscode from 'vscode';

/** Read-only JSON documents of what the user is asked about, as it was when it was opened. */
export class ReviewDocuments implements vscode.TextDocumentContentProvider {
  static readonly scheme = 'vmcp-review';
  readonly #texts = new Map<string, string>();
  readonly #closing: vscode.Disposable;
  #count = 0;

  constructor() {
    this.#closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.#texts.delete(uri.toString());
    });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  async show(name: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#put(name, text));
    await vscode.languages.setTextDocumentLanguage(document, 'json');
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Opens both in the diff editor. */
  async compare(name: string, before: string, after: string, title: string): Promise<void> {
    const [left, right] = [this.#put(name, before), this.#put(name, after)];
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  }

  dispose(): void {
    this.#closing.dispose();
    this.#texts.clear();
  }

  #put(name: string, text: string): vscode.Uri {
    const path = `/${name.replace(/[^\w .-]+/g, '-')}.json`;
    this.#count += 1;
    const uri = vscode.Uri.from({ scheme: ReviewDocuments.scheme, path, query: `${this.#count}` });
    this.#texts.set(uri.toString(), text);
    return uri;
  }
}
