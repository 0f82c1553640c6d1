import * as vscode from 'vscode';
import type { Asked, EditorAnswer, EditorQuestion } from '../../contract/questions.ts';
import { foreignText } from './foreignText.ts';
import { sourceText } from './sourceText.ts';

/** Shows the whole address and opens it in the browser, where the user wants that. */
export async function answerUrl(
  question: EditorQuestion,
  { message, url }: Extract<Asked, { kind: 'url' }>,
  isStillOpen: () => Promise<boolean>,
): Promise<EditorAnswer> {
  const { t } = vscode.l10n;
  const [open, decline] = [t('Open in browser'), t('Decline')];
  const text = t('{0} asks you to open {1}', sourceText(question), url);
  const said = message === '' ? '' : ` — ${t('it says: “{0}”', message)}`;
  const chosen = await vscode.window.showInformationMessage(
    foreignText(text + said),
    open,
    decline,
  );
  if (chosen === undefined) return { action: 'cancel' };
  if (chosen === decline) return { action: 'decline' };
  if (!(await isStillOpen())) {
    void vscode.window.showInformationMessage(t('The call that asked this is over.'));
    return { action: 'cancel' };
  }
  // as a text: a Uri would decode what stands encoded in the query
  const isOpened = await vscode.env.openExternal(url as unknown as vscode.Uri);
  return { action: isOpened ? 'accept' : 'cancel' };
}
