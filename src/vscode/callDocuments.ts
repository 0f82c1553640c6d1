import * as vscode from 'vscode';
import type { RestClient } from '../serverLink/restClient.ts';

/** Calls as read-only JSON documents: `vmcp-call:/<tool>.json?<log id>`. */
export class CallDocuments implements vscode.TextDocumentContentProvider {
  static readonly scheme = 'vmcp-call';

  constructor(private readonly client: () => RestClient) {}

  /** @throws RestError 404 where the log no longer holds the call */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const call = await this.client().call(uri.query);
    return `${JSON.stringify(call, undefined, 2)}\n`;
  }

  /** Opens a call in a preview editor. */
  async show(logId: string): Promise<void> {
    const { target, method } = await this.client().call(logId);
    const name = (target ?? method).replace(/[\\/:*?"<>|\s]+/g, '-').slice(-60);
    const uri = vscode.Uri.from({
      scheme: CallDocuments.scheme,
      path: `/${name}.json`,
      query: logId,
    });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'json');
    await vscode.window.showTextDocument(document, { preview: true });
  }
}
