import * as vscode from 'vscode';
import type { Question } from '../../contract/serverImport.ts';
import { askText } from './askText.ts';
import { back, type Step, type StepPlace } from './back.ts';
import { pickOne } from './pickOne.ts';

/**
 * A step for each question of a configuration; secret answers are typed hidden.
 * @param answers gets them by their ids
 * @param place of the first of these steps
 */
export function answerSteps(
  questions: readonly Question[],
  answers: Map<string, string>,
  place: StepPlace & { step: number },
): Step[] {
  return questions.map((question, index) => async () => {
    const here = { ...place, step: place.step + index };
    const answer = await askOne(question, answers.get(question.id), here);
    if (answer === undefined || answer === back) return answer;
    if (answer === '' && !question.required) answers.delete(question.id);
    else answers.set(question.id, answer);
    return 'next';
  });
}

async function askOne(question: Question, given: string | undefined, place: StepPlace) {
  const { label, description, required, secret, choices, placeholder } = question;
  const value = given ?? question.default;
  const name = description === '' ? label : `${label}: ${description}`;
  const prompt = required ? name : vscode.l10n.t('{0} (may be left empty)', name);
  if (!choices) {
    const validate = (text: string) =>
      required && text === '' ? vscode.l10n.t('{0} is needed.', label) : undefined;
    return askText({
      ...place,
      prompt,
      secret,
      ...(value !== undefined && { value }),
      ...(placeholder !== undefined && { placeholder }),
      validate,
    });
  }
  const items = choices.map((choice) => ({ label: choice }));
  const active = items.find((item) => item.label === value);
  const chosen = await pickOne({ ...place, items, placeholder: prompt, active });
  return chosen === undefined || chosen === back ? chosen : chosen.label;
}
