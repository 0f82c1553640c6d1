import * as vscode from 'vscode';
import type { Asked, EditorAnswer, EditorQuestion } from '../../contract/questions.ts';
import { foreignText } from './foreignText.ts';

/** Asks whether the servers of a vMCP may know which folders are open; yes and no are remembered. */
export async function answerRoots(
  { client, vmcp }: EditorQuestion,
  { folders }: Extract<Asked, { kind: 'roots' }>,
): Promise<EditorAnswer> {
  const { t } = vscode.l10n;
  const [allow, deny] = [t('Allow'), t("Don't allow")];
  const text = t(
    '{0} uses the vMCP “{1}”. May its servers know which folders are open in VS Code? Now: {2}',
    ...[client, vmcp, folders.join(', ')],
  );
  const chosen = await vscode.window.showInformationMessage(foreignText(text), allow, deny);
  if (chosen === undefined) return { action: 'cancel' };
  return chosen === allow
    ? { action: 'accept', remember: 'allowed' }
    : { action: 'decline', remember: 'denied' };
}
