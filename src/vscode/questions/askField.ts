import * as vscode from 'vscode';
import type { QuestionField } from '../../contract/questions.ts';
import { back } from '../steps/back.ts';
import { askItems, askLine, declined, type FormPlace, type NoValue } from './askStep.ts';
import { checkChosen, checkTyped } from './checkField.ts';
import { foreignText } from './foreignText.ts';

export type FieldValue = string | number | boolean | string[];
type ChoiceField = Extract<QuestionField, { type: 'choice' }>;
type Answered = { value: FieldValue | undefined };

/** One step of a form. @param given what was answered before it was come back to */
export function askField(
  field: QuestionField,
  given: FieldValue | undefined,
  place: FormPlace,
): Promise<Answered | NoValue> {
  switch (field.type) {
    case 'text':
    case 'number':
      return askTyped(field, given, place);
    case 'boolean':
      return askBoolean(field, given, place);
    case 'choice':
      return field.many ? askMany(field, given, place) : askOne(field, given, place);
  }
}

async function askTyped(
  field: Extract<QuestionField, { type: 'text' | 'number' }>,
  given: FieldValue | undefined,
  place: FormPlace,
): Promise<Answered | NoValue> {
  const value = String(given ?? field.default ?? '');
  const check = (typed: string) => named(field, checkTyped(field, typed, vscode.l10n.t));
  const typed = await askLine(place, { prompt: labelOf(field), value }, check);
  if (typeof typed !== 'string') return typed;
  if (typed === '') return { value: undefined };
  return { value: field.type === 'number' ? Number(typed) : typed };
}

async function askBoolean(
  field: Extract<QuestionField, { type: 'boolean' }>,
  given: FieldValue | undefined,
  place: FormPlace,
): Promise<Answered | NoValue> {
  const { t } = vscode.l10n;
  const items = [
    { label: t('Yes'), value: true },
    { label: t('No'), value: false },
    ...(field.required ? [] : [{ label: t('No answer'), value: undefined }]),
  ];
  return pickOneOf(items, given ?? field.default, labelOf(field), place);
}

function askOne(
  field: ChoiceField,
  given: FieldValue | undefined,
  place: FormPlace,
): Promise<Answered | NoValue> {
  const items = [
    ...itemsOf(field),
    ...(field.required ? [] : [{ label: vscode.l10n.t('No answer'), value: undefined }]),
  ];
  return pickOneOf(items, given ?? field.default?.[0], labelOf(field), place);
}

async function askMany(
  field: ChoiceField,
  given: FieldValue | undefined,
  place: FormPlace,
): Promise<Answered | NoValue> {
  const items = itemsOf(field);
  const before = Array.isArray(given) ? given : (field.default ?? []);
  const chosen = items.filter(({ value }) => before.includes(value));
  const asked = { items, placeholder: labelOf(field), chosen };
  const answer = await askItems(place, asked, (count) =>
    named(field, checkChosen(field, count, vscode.l10n.t)),
  );
  if (answer === undefined || answer === back || answer === declined) return answer;
  const values = answer.map(({ value }) => value);
  return { value: values.length === 0 && !field.required ? undefined : values };
}

async function pickOneOf<Value extends FieldValue | undefined>(
  items: readonly { label: string; value: Value }[],
  given: FieldValue | undefined,
  placeholder: string,
  place: FormPlace,
): Promise<Answered | NoValue> {
  const chosen = items.filter(({ value }) => value !== undefined && value === given);
  const answer = await askItems(place, { items, placeholder, chosen: chosen.slice(0, 1) });
  if (answer === undefined || answer === back || answer === declined) return answer;
  return { value: answer[0]?.value };
}

/** An option's value is shown where its title is another one. */
function itemsOf({ options }: ChoiceField) {
  return options.map(({ value, title }) => ({
    label: foreignText(title),
    ...(value !== title && { description: foreignText(value) }),
    value,
  }));
}

/** What is wrong stands where the name of the field stood. */
function named({ title }: QuestionField, wrong: string | undefined): string | undefined {
  return wrong === undefined ? undefined : `${foreignText(title)}: ${wrong}`;
}

function labelOf(field: QuestionField): string {
  const { title, description, required } = field;
  const pattern = field.type === 'text' ? field.pattern : undefined;
  const name = description === '' ? title : `${title}: ${description}`;
  const whole = pattern === undefined ? name : `${name} (${pattern})`;
  const shown = foreignText(whole);
  return required ? shown : vscode.l10n.t('{0} (may be left empty)', shown);
}
