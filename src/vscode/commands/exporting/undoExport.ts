import * as vscode from 'vscode';
import type { ListedExport } from '../../../contract/clientFiles.ts';
import { AddingClient } from '../../../serverLink/addingClient.ts';
import { messageOf } from '../../../serverLink/linkError.ts';
import { pickOne } from '../../steps/pickOne.ts';
import { shortPath } from '../adding/places.ts';
import type { CommandContext } from '../commandContext.ts';

/** Takes back one of the last exports. */
export async function chooseUndo(context: CommandContext): Promise<void> {
  const { t } = vscode.l10n;
  const exports = await new AddingClient(context.process.client).exports();
  if (exports.length === 0) {
    void vscode.window.showInformationMessage(t('There is no export to undo.'));
    return;
  }
  const items = exports.map((written) => ({
    label: `$(discard) ${written.name}`,
    description: shortPath(written.path),
    detail: remarkOf(written),
    written,
  }));
  const placeholder = t('Choose the export to undo; the file gets back its bytes of before');
  const chosen = await pickOne({ title: t('Undo an export'), items, placeholder });
  if (typeof chosen === 'object') await undoExport(context, chosen.written);
}

/** Takes an export back, or says why that is not possible. */
export async function undoExport(
  { process }: CommandContext,
  { export_id, path }: Pick<ListedExport, 'export_id' | 'path'>,
): Promise<void> {
  const { t } = vscode.l10n;
  try {
    await new AddingClient(process.client).undoExport(export_id);
    vscode.window.setStatusBarMessage(t('{0} is as it was', path), 4000);
  } catch (error) {
    const open = t('Open file');
    const chosen = await vscode.window.showErrorMessage(messageOf(error), open);
    if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(path));
  }
}

function remarkOf({ written_at, changed_since }: ListedExport): string {
  const { t } = vscode.l10n;
  const time = new Date(written_at).toLocaleString();
  return changed_since ? t('{0} · the file was changed since', time) : time;
}
