import * as vscode from 'vscode';
import type { ClientFile, EntryForm } from '../../../contract/clientFiles.ts';
import type { Back, StepPlace } from '../../steps/back.ts';
import { pickOne } from '../../steps/pickOne.ts';
import { shortPath } from '../adding/places.ts';

interface FileItem extends vscode.QuickPickItem {
  file?: ClientFile;
}

/** A client's file to write into: those of the workspace, then the user's own. */
export async function pickFile(
  files: readonly ClientFile[],
  place: StepPlace,
): Promise<ClientFile | Back | undefined> {
  const { t } = vscode.l10n;
  const group = (label: string, scope: ClientFile['scope']): FileItem[] => {
    const own = files.filter((file) => file.scope === scope);
    const separator = { label, kind: vscode.QuickPickItemKind.Separator };
    return own.length === 0 ? [] : [separator, ...own.map(fileItem)];
  };
  const items = [
    ...group(t('Your own files'), 'user'),
    ...group(t('Files of this workspace, which may be shared'), 'workspace'),
  ];
  const placeholder = t('Choose the client that gets the vMCP');
  const chosen = await pickOne({ ...place, items, placeholder });
  return typeof chosen === 'object' ? chosen.file : chosen;
}

/** How the client reaches the vMCP. Files that may be shared get the launcher only. */
export async function pickForm(place: StepPlace): Promise<EntryForm | Back | undefined> {
  const { t } = vscode.l10n;
  const items: (vscode.QuickPickItem & { form: EntryForm })[] = [
    {
      label: t('Launcher'),
      description: t('recommended'),
      detail: t('A small program that starts the server where needed; no port and no token'),
      form: 'launcher',
    },
    {
      label: t('Address'),
      detail: t('For clients that speak HTTP; it holds a token and works while the server runs'),
      form: 'url',
    },
  ];
  const placeholder = t('Choose how the client reaches the vMCP');
  const chosen = await pickOne({ ...place, items, placeholder });
  return typeof chosen === 'object' ? chosen.form : chosen;
}

function fileItem(file: ClientFile): FileItem {
  const { title, path, exists, problem } = file;
  const state = exists ? '' : ` · ${vscode.l10n.t('will be made')}`;
  return {
    label: `$(${file.scope === 'workspace' ? 'root-folder' : 'account'}) ${title}`,
    description: `${shortPath(path)}${state}`,
    ...(problem !== undefined && { detail: `$(error) ${problem}` }),
    file,
  };
}
