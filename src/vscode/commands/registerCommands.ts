import * as vscode from 'vscode';
import { messageOf } from '../../serverLink/linkError.ts';
import { commandIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';

/** Registers every command, loaded at its first use; what one throws is shown and logged. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  return Object.values(commandIds).map((id) =>
    vscode.commands.registerCommand(id, async (node?: unknown, nodes?: unknown) => {
      try {
        if (!vscode.workspace.isTrusted && trustedOnly.has(id)) return await askForTrust();
        const { createHandlers } = await import('./createHandlers.ts');
        await createHandlers(context)[id](node, nodes);
      } catch (error) {
        context.log.error(`command=${id} ${messageOf(error)}`);
        await showError(messageOf(error));
      }
    }),
  );
}

/** Commands by which something may be started, or reached with the user's credentials. */
const trustedOnly: ReadonlySet<string> = new Set([
  commandIds.addServer,
  commandIds.importServers,
  commandIds.browseRegistry,
  commandIds.editServer,
  commandIds.enableServer,
  commandIds.connectServer,
  commandIds.reconnectServer,
  commandIds.allowServer,
  commandIds.tryItem,
]);

async function askForTrust(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t(
    'In Restricted Mode, MCP servers are neither added, changed nor started.',
  );
  if ((await vscode.window.showWarningMessage(message, manage)) !== manage) return;
  await vscode.commands.executeCommand('workbench.trust.manage');
}

async function showError(message: string): Promise<void> {
  const showLog = vscode.l10n.t('Show log');
  if ((await vscode.window.showErrorMessage(message, showLog)) !== showLog) return;
  await vscode.commands.executeCommand(commandIds.openLog);
}
