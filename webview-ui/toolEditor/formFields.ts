import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { isJsonObject, type JsonValue } from '../../src/contract/json.ts';
import type { FieldIds } from '../shared/fieldIds.ts';
import { checkField, selectField, textArea, textField } from '../shared/fields.ts';
import { iconButton } from '../shared/iconButton.ts';
import { parseValue, printValue } from '../shared/typedValue.ts';
import { type FormPath, pathText } from './formPath.ts';
import type { ToolModel } from './toolModel.ts';

/** Inputs for the members of a definition, by their paths. */
export class FormFields {
  constructor(
    readonly model: ToolModel,
    readonly ids: FieldIds,
  ) {}

  text(
    path: FormPath,
    label: string,
    more: {
      hint?: string;
      placeholder?: string;
      secret?: boolean;
      optional?: boolean;
      wide?: boolean;
    } = {},
  ): TemplateResult {
    const { secret, optional, ...rest } = more;
    return textField({
      ...this.#about(path, label),
      ...rest,
      value: textOf(this.model.get(path)),
      type: secret ? 'password' : 'text',
      onInput: (text) => this.model.set(path, optional && text === '' ? undefined : text),
    });
  }

  lines(
    path: FormPath,
    label: string,
    more: { hint?: string; rows?: number; monospace?: boolean; optional?: boolean } = {},
  ): TemplateResult {
    const { rows = 3, optional, ...rest } = more;
    return textArea({
      ...this.#about(path, label),
      ...rest,
      rows,
      wide: true,
      value: textOf(this.model.get(path)),
      onInput: (text) => this.model.set(path, optional && text === '' ? undefined : text),
    });
  }

  /** Any value as JSON; nothing takes the member out. */
  json(path: FormPath, label: string, hint: string): TemplateResult {
    const value = this.model.get(path);
    const text = this.model.text(path) ?? printValue(value, 'json');
    const parsed = text.trim() === '' ? { value: undefined } : parseValue(text, 'json');
    const said = this.#about(path, label);
    const problem = 'problem' in parsed ? parsed.problem : said.problem;
    return textArea({
      ...said,
      problem,
      hint,
      ...{ rows: 4, wide: true, monospace: true, value: text },
      onInput: (typed) => this.#setJson(path, typed),
    });
  }

  number(path: FormPath, label: string, more: { hint?: string } = {}): TemplateResult {
    const value = this.model.get(path);
    const text = this.model.text(path) ?? (value === undefined ? '' : String(value));
    const isNumber = text === '' || /^\d+$/.test(text);
    const said = this.#about(path, label);
    return textField({
      ...said,
      ...more,
      problem: isNumber ? said.problem : l10n.t('Enter a whole number'),
      value: text,
      onInput: (typed) => {
        if (typed === '') this.model.set(path, undefined);
        else if (/^\d+$/.test(typed)) this.model.set(path, Number(typed));
        else this.model.setText(path, typed);
      },
    });
  }

  choice(
    path: FormPath,
    label: string,
    choices: readonly { value: string; label: string }[],
    onChange = (value: string) => this.model.set(path, value),
  ): TemplateResult {
    const value = textOf(this.model.get(path));
    return selectField({ ...this.#about(path, label), value, choices, onChange });
  }

  check(path: FormPath, label: string, hint?: string): TemplateResult {
    return checkField({
      label,
      ...(hint !== undefined && { hint }),
      checked: this.model.get(path) === true,
      onChange: (checked) => this.model.set(path, checked),
    });
  }

  /** Words with commas between them. */
  words(path: FormPath, label: string, hint: string): TemplateResult {
    const value = this.model.get(path);
    const words = Array.isArray(value) ? value.map(String) : [];
    return textField({
      ...this.#about(path, label),
      hint,
      value: this.model.text(path) ?? words.join(', '),
      onInput: (text) => {
        const next = text.split(',').map((word) => word.trim());
        this.model.set(
          path,
          next.filter((word) => word !== ''),
        );
      },
    });
  }

  /** Named values, like headers. A row without a name is not written. */
  pairs(path: FormPath, label: string, more: { secret?: boolean } = {}): TemplateResult {
    const value = this.model.get(path);
    const entries = isJsonObject(value) ? Object.entries(value) : [];
    const write = (next: readonly (readonly [string, JsonValue | undefined])[]) =>
      this.model.set(path, Object.fromEntries(next));
    const replaced = (index: number, entry: readonly [string, JsonValue | undefined]) =>
      write(entries.map((each, at) => (at === index ? entry : each)));
    return html`<fieldset class="stack">
      <legend class="name">${label}</legend>
      ${entries.map(([name, each], index) => {
        const id = this.ids.of(`${pathText(path)} ${index}`);
        const onName = (text: string) => replaced(index, [text, each]);
        const onValue = (text: string) => replaced(index, [name, text]);
        const type = more.secret ? 'password' : 'text';
        return html`<div class="pair">
          ${textField({ id: `${id}-name`, label: l10n.t('Name'), value: name, onInput: onName })}
          ${textField({
            ...{ id: `${id}-value`, label: l10n.t('Value'), type, onInput: onValue },
            value: printValue(each, 'text'),
            problem: this.model.problem([...path, name]),
          })}
          ${iconButton({
            icon: 'trash',
            label: l10n.t('Remove {0}', name),
            run: () => write(entries.filter((_, at) => at !== index)),
          })}
        </div>`;
      })}
      <div>
        <vscode-button
          secondary
          ?disabled=${entries.some(([name]) => name === '')}
          @click=${() => write([...entries, ['', '']])}
          >${l10n.t('Add')}</vscode-button
        >
      </div>
    </fieldset>`;
  }

  #setJson(path: FormPath, text: string): void {
    const isNone = text.trim() === '';
    const parsed = isNone ? { value: undefined } : parseValue(text, 'json');
    if ('value' in parsed) this.model.set(path, parsed.value);
    else this.model.setText(path, text);
  }

  #about(path: FormPath, label: string) {
    return { id: this.ids.of(pathText(path)), label, problem: this.model.problem(path) };
  }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
