import * as vscode from 'vscode';
import type { EditorConsents } from '../../contract/questions.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import { QuestionClient } from '../../serverLink/questionClient.ts';
import type { RestClient } from '../../serverLink/restClient.ts';

/** Shows what was decided for good about models and folders, and changes it. */
export async function manageConsents(rest: RestClient, vmcp: Vmcp): Promise<void> {
  const { t } = vscode.l10n;
  const client = new QuestionClient(rest);
  const consents = await client.consents(vmcp.vmcp_id);
  const states = { ask: t('ask me'), allowed: t('allowed'), denied: t('not allowed') };
  const subjects = [
    { about: 'sampling', label: t('Let language models of VS Code answer its servers') },
    { about: 'roots', label: t('Tell its servers which folders are open') },
  ] as const;
  const title = t('What VS Code answers for {0}', vmcp.name);
  const subject = await vscode.window.showQuickPick(
    subjects.map((each) => ({ ...each, description: states[consents[each.about]] })),
    { title, placeHolder: t('Where the client cannot answer itself') },
  );
  if (!subject) return;
  const choices = (Object.keys(states) as (keyof typeof states)[]).map((state) => ({
    label: states[state],
    state,
    picked: consents[subject.about] === state,
  }));
  const choice = await vscode.window.showQuickPick(choices, { title, placeHolder: subject.label });
  if (!choice) return;
  const changed: EditorConsents = { ...consents, [subject.about]: choice.state };
  await client.setConsents(vmcp.vmcp_id, changed);
}
