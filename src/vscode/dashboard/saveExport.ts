import { createWriteStream } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { RestClient } from '../../serverLink/restClient.ts';

/**
 * Asks for a format and a place, and writes the selected rows of the log there.
 * @param filter query of GET /api/stats/export
 * @returns where; null where the user thought better of it
 * @throws RestError, or the system's error where the file cannot be written
 */
export async function saveExport(
  client: RestClient,
  filter: Readonly<Record<string, string>>,
): Promise<string | null> {
  const { t } = vscode.l10n;
  const formats = [
    { label: 'CSV', description: t('for spreadsheets'), format: 'csv' },
    { label: 'JSON', description: t('whole records'), format: 'json' },
  ];
  const title = t('Export the log');
  const chosen = await vscode.window.showQuickPick(formats, { title });
  if (!chosen) return null;
  const { format } = chosen;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const uri = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.file(join(folder, `vmcp-log.${format}`)),
    filters: { [chosen.label]: [format] },
  });
  if (!uri) return null;
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) =>
    write(client, new URLSearchParams({ ...filter, format }), uri, token),
  );
  return vscode.workspace.asRelativePath(uri);
}

async function write(
  client: RestClient,
  query: URLSearchParams,
  uri: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<void> {
  const abort = new AbortController();
  const listening = token.onCancellationRequested(() => abort.abort());
  try {
    const rows = await client.download(`/api/stats/export?${query}`, abort.signal);
    if (uri.scheme === 'file') await pipeline(rows, createWriteStream(uri.fsPath));
    else await vscode.workspace.fs.writeFile(uri, await buffer(rows));
  } finally {
    listening.dispose();
  }
}
