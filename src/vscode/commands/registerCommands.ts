import * as vscode from 'vscode';
import { messageOf } from '../../serverLink/linkError.ts';
import { type CommandId, commandIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';
import { copyCommands } from './copyCommands.ts';
import { serverCommands } from './serverCommands.ts';
import { vmcpCommands } from './vmcpCommands.ts';
import { windowCommands } from './windowCommands.ts';

/** What a command does; a command of a menu gets the node it was called on. */
export type CommandHandler = (node?: unknown) => Promise<void>;

/** Registers every command; what one throws is shown to the user and logged. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const handlers: Record<CommandId, CommandHandler> = {
    ...serverCommands(context),
    ...vmcpCommands(context),
    ...copyCommands(context),
    ...windowCommands(context),
  };
  return Object.values(commandIds).map((id) =>
    vscode.commands.registerCommand(id, async (node?: unknown) => {
      try {
        await handlers[id](node);
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
