import * as vscode from 'vscode';
import type { Deleted } from '../../contract/undo.ts';
import type { CommandContext } from './commandContext.ts';

/** Deletes, tells it, and offers to take it back. @param message what was deleted */
export async function deleteUndoably(
  { process }: CommandContext,
  message: string,
  deletions: readonly (() => Promise<Deleted>)[],
): Promise<void> {
  const deleted: Deleted[] = [];
  // One after the other: each knows what the one before took away.
  for (const deletion of deletions) deleted.push(await deletion());
  await offerUndo(message, async () => {
    for (const { undo_id } of deleted.toReversed()) await process.client.undo(undo_id);
  });
}

/** Tells what was done, and takes it back where the user wants that. */
export async function offerUndo(message: string, undo: () => Promise<void>): Promise<void> {
  const label = vscode.l10n.t('Undo');
  if ((await vscode.window.showInformationMessage(message, label)) === label) await undo();
}
