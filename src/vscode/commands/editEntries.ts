import * as vscode from 'vscode';
import { ask } from './pickers.ts';

/**
 * Adds, changes or removes one of several named values. The values may be secrets: they are masked
 * where they come from the server, and typed hidden.
 * @returns all of them after the change, or undefined where the user gave up
 */
export async function editEntries(
  title: string,
  entries: Readonly<Record<string, string>>,
): Promise<Record<string, string> | undefined> {
  const { t } = vscode.l10n;
  const known = Object.keys(entries).map((name) => ({ label: name, name }));
  const add = { label: `$(add) ${t('Add…')}`, name: undefined };
  const chosen = await vscode.window.showQuickPick([...known, add], { title });
  if (!chosen) return undefined;
  const name = chosen.name ?? (await ask({ title, prompt: t('Name') }))?.trim();
  if (!name) return undefined;
  const value = await ask({
    title,
    prompt: t('Value of {0}; nothing removes it', name),
    password: true,
  });
  if (value === undefined) return undefined;
  const { [name]: _, ...others } = entries;
  return value === '' ? others : { ...others, [name]: value };
}
