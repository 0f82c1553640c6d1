import * as l10n from '@vscode/l10n';
import type { TemplateResult } from 'lit';
import { isJsonObject, type JsonValue } from '../../src/contract/json.ts';
import { selectField, textArea, textField } from './fields.ts';
import { choicesOf, inputKind, parseValue, printValue } from './typedValue.ts';

export interface ValueInput {
  id: string;
  label: string;
  /** JSON Schema of the value. */
  schema: JsonValue | undefined;
  value: JsonValue | undefined;
  /** A choice may be left open; `onValue` gets an empty text then. */
  optional?: boolean;
  /** What was typed where it is no value (yet); undefined: `value` stands. */
  text: string | undefined;
  onValue(value: JsonValue): void;
  onText(text: string): void;
}

/** An input that fits a value's schema; takes references like `@config.name` for every type. */
export function valueInput(input: ValueInput): TemplateResult {
  const { id, label, schema, value } = input;
  const kind = inputKind(schema);
  const shown = input.text ?? printValue(value, kind);
  if (kind === 'choice' || kind === 'boolean') return choiceInput(input, shown);
  const parsed = parseValue(shown, kind);
  const problem =
    input.text !== undefined && 'problem' in parsed ? { problem: parsed.problem } : {};
  const onInput = (text: string) => {
    const next = parseValue(text, kind);
    if ('value' in next) input.onValue(next.value);
    else input.onText(text);
  };
  if (kind !== 'json') return textField({ id, label, value: shown, onInput, ...problem });
  const hint = l10n.t('As JSON');
  return textArea({ id, label, hint, value: shown, rows: 3, monospace: true, onInput, ...problem });
}

function choiceInput(input: ValueInput, shown: string): TemplateResult {
  const { id, label, schema, optional, onValue } = input;
  const values = isJsonObject(schema) ? choicesOf(schema) : [];
  const all = values.length > 0 ? values : [true, false];
  const texts = all.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return selectField({
    id,
    label,
    value: shown,
    // What stands there now may be nothing, a reference, or no longer allowed.
    choices: [
      ...new Set([...(optional ? [''] : []), ...(shown === '' ? [''] : []), ...texts, shown]),
    ].map((text) => ({ value: text, label: text })),
    onChange: (text) => {
      const index = texts.indexOf(text);
      onValue(index < 0 ? text : (all[index] ?? null));
    },
  });
}
