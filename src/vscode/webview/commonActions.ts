import * as vscode from 'vscode';
import * as z from 'zod';
import { commandIds } from '../ids.ts';
import { pageAction } from './pageKind.ts';

const nothing = z.strictObject({});

/** What pages of every kind may have their window do. */
export const commonActions = {
  copyText: pageAction(z.strictObject({ text: z.string().max(1_000_000) }), async ({ text }) => {
    await vscode.env.clipboard.writeText(text);
    return undefined;
  }),
  addServer: pageAction(nothing, () => runCommand(commandIds.addServer)),
  openServerLog: pageAction(nothing, () => runCommand(commandIds.openServerLog)),
  restartServer: pageAction(nothing, () => runCommand(commandIds.restartServer)),
};

async function runCommand(id: string): Promise<undefined> {
  await vscode.commands.executeCommand(id);
}
