import * as vscode from 'vscode';
import type { Asked, EditorAnswer, EditorQuestion } from '../../contract/questions.ts';
import { back, type Step, takeSteps } from '../steps/back.ts';
import { askField, type FieldValue } from './askField.ts';
import { askItems, declined, type FormPlace } from './askStep.ts';
import { foreignText, linesOf } from './foreignText.ts';

type Form = Extract<Asked, { kind: 'form' }>;

/** Characters of a line that a list shows whole. */
const lineWidth = 80;

/**
 * Asks for a form, a value a step; the first one shows who asks for what. Closing it means cancel.
 * @param signal closes it where nobody waits for the answer any more
 */
export async function answerForm(
  question: EditorQuestion,
  form: Form,
  signal: AbortSignal,
): Promise<EditorAnswer> {
  const values = new Map<string, FieldValue>();
  let isDeclined = false;
  const place = (index: number): FormPlace => ({
    title: titleOf(question),
    step: index + 1,
    totalSteps: form.fields.length + 1,
    canGoBack: index > 0,
    signal,
  });
  const fields = form.fields.map(
    (field, index): Step =>
      async () => {
        const answer = await askField(field, values.get(field.name), place(index + 1));
        if (answer === declined) isDeclined = true;
        if (answer === undefined || answer === declined) return undefined;
        if (answer === back) return back;
        if (answer.value === undefined) values.delete(field.name);
        else values.set(field.name, answer.value);
        return 'next';
      },
  );
  const introduction: Step = async () => {
    const wish = await introduce(question, form, place(0));
    isDeclined = wish === 'decline';
    return wish === 'answer' ? 'next' : undefined;
  };
  const outcome = await takeSteps([introduction, ...fields]);
  if (outcome === 'next') return { action: 'accept', content: Object.fromEntries(values) };
  return { action: isDeclined ? 'decline' : 'cancel' };
}

/** Who asks, as the title of all steps. */
function titleOf({ server, tool, vmcp }: EditorQuestion): string {
  const who = [server ?? vmcp, ...(tool === undefined ? [] : [tool])].join(' · ');
  return vscode.l10n.t('{0} asks', foreignText(who));
}

/** The whole text, to be read before anything is typed. */
async function introduce(
  { client, vmcp }: EditorQuestion,
  { message }: Form,
  place: FormPlace,
): Promise<'answer' | 'decline' | undefined> {
  const { t } = vscode.l10n;
  const answer = { label: t('Answer'), iconPath: new vscode.ThemeIcon('edit') };
  const decline = { label: t('Decline'), iconPath: new vscode.ThemeIcon('circle-slash') };
  const text: vscode.QuickPickItem[] = linesOf(message, lineWidth)
    .map((line) => ({ label: foreignText(line) }))
    .filter(({ label }) => label !== '');
  const separator = { label: t('question'), kind: vscode.QuickPickItemKind.Separator };
  const items = [answer, decline, ...(text.length > 0 ? [separator, ...text] : [])];
  const placeholder = t('Called by {0} through the vMCP “{1}”', client, vmcp);
  for (;;) {
    const chosen = await askItems(place, { items, placeholder, chosen: [answer] });
    if (chosen === declined) return 'decline';
    if (chosen === undefined || chosen === back) return undefined;
    if (chosen.includes(answer)) return 'answer';
    if (chosen.includes(decline)) return 'decline';
    // a line of the text: it is there to be read
  }
}
