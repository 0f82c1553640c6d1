import * as vscode from 'vscode';
import type {
  ClientFile,
  EntryForm,
  ExportBody,
  ExportPreview,
  WrittenExport,
} from '../../../contract/clientFiles.ts';
import type { Vmcp } from '../../../contract/vmcps.ts';
import { AddingClient } from '../../../serverLink/addingClient.ts';
import { type Step, takeSteps } from '../../steps/back.ts';
import { windowPlaces } from '../adding/places.ts';
import type { CommandContext } from '../commandContext.ts';
import { ExportDiff } from './exportDiff.ts';
import { pickFile, pickForm } from './pickTarget.ts';
import { undoExport } from './undoExport.ts';

/** Writes a vMCP into another client's file, after the change was looked at; it can be undone. */
export async function exportVmcp(context: CommandContext, vmcp: Vmcp): Promise<void> {
  const { t } = vscode.l10n;
  const client = new AddingClient(context.process.client);
  const places = windowPlaces(context.dataDir);
  const target = await chooseTarget(await client.files(places), vmcp.name);
  if (!target) return;
  const { file, form } = target;
  const body = { vmcp_id: vmcp.vmcp_id, places, file_id: file.file_id, form };
  const preview = await client.previewExport(body);
  if (preview.change === 'none') {
    void vscode.window.showInformationMessage(
      t('“{0}” stands in {1} already.', preview.name, preview.path),
    );
    return;
  }
  const written = await writeAfterLook(client, body, preview);
  if (written) await offerUndo(context, written);
}

async function chooseTarget(files: readonly ClientFile[], name: string) {
  const title = vscode.l10n.t('Export {0}', name);
  let file: ClientFile | undefined;
  let form: EntryForm = 'launcher';
  const steps: Step[] = [
    async () => {
      const chosen = await pickFile(
        files.filter(({ writable }) => writable),
        { title },
      );
      if (typeof chosen !== 'object') return chosen;
      file = chosen;
      return 'next';
    },
    async () => {
      form = 'launcher';
      if (file?.scope === 'workspace') return 'next';
      const chosen = await pickForm({ title, canGoBack: true });
      if (typeof chosen !== 'string') return chosen;
      form = chosen;
      return 'next';
    },
  ];
  return (await takeSteps(steps)) === 'next' && file ? { file, form } : undefined;
}

async function writeAfterLook(
  client: AddingClient,
  body: ExportBody,
  preview: ExportPreview,
): Promise<WrittenExport | undefined> {
  const { t } = vscode.l10n;
  const diff = new ExportDiff(preview);
  try {
    await diff.show();
    const write = t('Write');
    const question =
      preview.change === 'update'
        ? t('Change the entry “{0}” in {1}?', preview.name, preview.path)
        : t('Write the entry “{0}” into {1}?', preview.name, preview.path);
    const chosen = await vscode.window.showInformationMessage(question, write, t('Cancel'));
    if (chosen !== write) return undefined;
    return await client.writeExport({ ...body, before_hash: preview.before_hash });
  } finally {
    diff.dispose();
  }
}

async function offerUndo(context: CommandContext, written: WrittenExport): Promise<void> {
  const { t } = vscode.l10n;
  const open = t('Open file');
  const undo = t('Undo');
  const message = t(
    '“{0}” was written into {1}. Restart the client to see it.',
    written.name,
    written.path,
  );
  const chosen = await vscode.window.showInformationMessage(message, undo, open);
  if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(written.path));
  if (chosen === undo) await undoExport(context, written);
}
