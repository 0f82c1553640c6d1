import * as vscode from 'vscode';
import { messageOf } from '../../serverLink/linkError.ts';
import { commandIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';

/** Registers every command, loaded at its first use; what one throws is shown and logged. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  return Object.values(commandIds).map((id) =>
    vscode.commands.registerCommand(id, async (node?: unknown, nodes?: unknown) => {
      try {
        const { createHandlers } = await import('./createHandlers.ts');
        await createHandlers(context)[id](node, nodes);
      } catch (error) {
        context.log.error(`command=${id} ${messageOf(error)}`);
        await showError(messageOf(error));
      }
    }),
  );
}

async function showError(message: string): Promise<void> {
  const showLog = vscode.l10n.t('Show log');
  if ((await vscode.window.showErrorMessage(message, showLog)) !== showLog) return;
  await vscode.commands.executeCommand(commandIds.openLog);
}
