import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import type { RestClient } from '../../serverLink/restClient.ts';
import { RestError } from '../../serverLink/restError.ts';
import { ReviewClient } from '../../serverLink/reviewClient.ts';
import type { Inventory } from '../inventory.ts';
import { consentDocument, consentQuestion } from './consentText.ts';
import type { ReviewDocuments } from './reviewDocuments.ts';

export interface ConsentParts {
  inventory: Inventory;
  documents: ReviewDocuments;
  log: vscode.LogOutputChannel;
  client(): RestClient;
}

/** Asks for each server that was added or changed from outside VS Code; one answer counts everywhere. */
export class ConsentNotices {
  /** Requests that this window has asked about. */
  readonly #asked = new Set<string>();
  readonly #following: { dispose(): void }[];

  constructor(private readonly parts: ConsentParts) {
    this.#following = [
      parts.inventory.onDidChange(() => this.#askNew()),
      vscode.window.onDidChangeWindowState(() => this.#askNew()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#askNew()),
    ];
  }

  /** Asks until the user has decided, or sent the question away. */
  async ask(serverId: string): Promise<void> {
    for (;;) {
      const server = this.parts.inventory.server(serverId);
      if (!server || server.consent.state === 'given') return;
      this.#asked.add(server.consent.request);
      const [allow, show, deny] = [
        vscode.l10n.t('Allow'),
        vscode.l10n.t('Show'),
        vscode.l10n.t('Deny'),
      ];
      const question = consentQuestion(server, vscode.l10n.t);
      const chosen = await vscode.window.showWarningMessage(question, allow, show, deny);
      if (chosen === undefined) return;
      if (chosen !== show) {
        await this.answer(server, chosen === allow ? 'allow' : 'deny');
        return;
      }
      await this.parts.documents.show(server.name, consentDocument(server));
    }
  }

  /** Answers the request that the server's state names, which is the one that was shown. */
  async answer(server: McpServer, decision: 'allow' | 'deny'): Promise<void> {
    const { request } = server.consent;
    try {
      const client = new ReviewClient(this.parts.client());
      await client.answerConsent(server.server_id, { decision, request });
    } catch (error) {
      if (!(error instanceof RestError && error.status === 409)) throw error;
      const message = vscode.l10n.t(
        'The MCP server “{0}” was changed, or answered for in another window, meanwhile.',
        server.name,
      );
      void vscode.window.showInformationMessage(message);
    }
  }

  dispose(): void {
    for (const following of this.#following) following.dispose();
  }

  #askNew(): void {
    // Every window hears of it: the one that the user looks at asks, if its folder is trusted.
    if (!vscode.window.state.focused || !vscode.workspace.isTrusted) return;
    for (const { server_id, consent } of this.parts.inventory.servers) {
      if (consent.state !== 'required' || this.#asked.has(consent.request)) continue;
      this.ask(server_id).catch((error: unknown) => this.parts.log.error(messageOf(error)));
    }
  }
}
