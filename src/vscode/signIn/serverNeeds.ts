import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { commandIds } from '../ids.ts';
import type { Inventory } from '../inventory.ts';
import type { ServerNode } from '../views/nodes.ts';

/** Tells of servers that cannot be used before the user has signed in, or set a secret: each once by itself. */
export class ServerNeeds {
  readonly #told = new Set<string>();
  readonly #open = new Set<string>();
  readonly #following: { dispose(): void };

  constructor(private readonly inventory: Inventory) {
    this.#following = inventory.onDidChange(() => this.#tellNew());
  }

  /** Asks, unless it is asked already. */
  async ask({ server_id, name, needs }: McpServer): Promise<void> {
    if (needs === null || this.#open.has(server_id)) return;
    this.#told.add(server_id);
    this.#open.add(server_id);
    const { t } = vscode.l10n;
    const isSignIn = needs.kind === 'sign_in';
    const action = isSignIn ? t('Sign in') : t('Set secret…');
    const message = isSignIn
      ? t('The MCP server “{0}” wants you to sign in.', name)
      : t('The MCP server “{0}” needs the secret “{1}”, which is not set.', name, needs.name);
    const chosen = await vscode.window.showInformationMessage(message, action);
    this.#open.delete(server_id);
    if (chosen !== action) return;
    const command = isSignIn ? commandIds.signIn : commandIds.setMissingSecret;
    const node: ServerNode = { type: 'server', serverId: server_id };
    await vscode.commands.executeCommand(command, node);
  }

  dispose(): void {
    this.#following.dispose();
  }

  #tellNew(): void {
    // Every window hears of it: the one that the user looks at tells.
    if (!vscode.window.state.focused) return;
    for (const server of this.inventory.servers) {
      const isNew = server.enabled && server.needs !== null && !this.#told.has(server.server_id);
      if (isNew) void this.ask(server);
    }
  }
}
