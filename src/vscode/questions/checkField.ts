import type { QuestionField } from '../../contract/questions.ts';
import type { Translate } from '../translate.ts';

type TextField = Extract<QuestionField, { type: 'text' }>;
type NumberField = Extract<QuestionField, { type: 'number' }>;
type ChoiceField = Extract<QuestionField, { type: 'choice' }>;

/** What is wrong with what was typed for a field, or undefined; nothing typed is no value. */
export function checkTyped(
  field: TextField | NumberField,
  typed: string,
  t: Translate,
): string | undefined {
  if (typed === '') return field.required ? t('A value is needed.') : undefined;
  return field.type === 'number' ? checkNumber(field, typed, t) : checkText(field, typed, t);
}

function checkNumber(field: NumberField, typed: string, t: Translate): string | undefined {
  const value = Number(typed);
  if (typed.trim() === '' || !Number.isFinite(value)) return t('Enter a number.');
  if (field.integer && !Number.isInteger(value)) return t('Enter a whole number.');
  if (field.minimum !== undefined && value < field.minimum) {
    return t('It must be {0} or more.', String(field.minimum));
  }
  if (field.maximum !== undefined && value > field.maximum) {
    return t('It must be {0} or less.', String(field.maximum));
  }
  return undefined;
}

/** Lengths count characters as JSON Schema does. */
function checkText(field: TextField, typed: string, t: Translate): string | undefined {
  const { length } = [...typed];
  if (field.min_length !== undefined && length < field.min_length) {
    return t('It must have {0} characters or more.', String(field.min_length));
  }
  if (field.max_length !== undefined && length > field.max_length) {
    return t('It must have {0} characters or fewer.', String(field.max_length));
  }
  switch (field.format) {
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(typed) ? undefined : t('Enter an email address.');
    case 'uri':
      return URL.canParse(typed) ? undefined : t('Enter a full address, such as https://…');
    case 'date':
      return isDate(typed) ? undefined : t('Enter a date as year-month-day, such as 2026-01-31.');
    case 'date-time':
      return isDateTime(typed)
        ? undefined
        : t('Enter date and time with zone, such as 2026-01-31T12:00:00Z.');
    case undefined:
      return undefined;
  }
}

/** What is wrong with how many were chosen, or undefined. */
export function checkChosen(field: ChoiceField, count: number, t: Translate): string | undefined {
  if (count < (field.min_items ?? 0)) return t('Choose {0} or more.', String(field.min_items));
  if (field.max_items !== undefined && count > field.max_items) {
    return t('Choose {0} or fewer.', String(field.max_items));
  }
  return undefined;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  // 2026-02-31 would become a day in March
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  return parts?.[1] !== undefined && isDate(parts[1]) && !Number.isNaN(Date.parse(text));
}
