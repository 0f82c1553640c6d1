import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { secretMask } from '../../../src/contract/secretMask.ts';
import { checkField, problemLine, selectList, textField } from '../../shared/fields.ts';
import { iconButton } from '../../shared/iconButton.ts';
import { withMember } from '../../shared/own.ts';
import { valueInput } from '../../shared/valueInput.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';
import type { VmcpForm } from '../form.ts';

type ConfigValue = VmcpForm['config'][string];

/** The values that `@config.…` stands for. */
export function configuration(context: EditorContext): TemplateResult {
  const { edits } = context;
  return html`<section aria-labelledby="configuration">
    <h2 id="configuration">${l10n.t('Configuration')}</h2>
    <p class="muted">
      ${l10n.t('Values for templates and fixed arguments: @config.name stands for the value.')}
    </p>
    ${repeat(
      Object.keys(edits.form.config),
      (key) => key,
      (key) => configRow(context, key),
    )}
    ${addValue(context)}
  </section>`;
}

function configRow(context: EditorContext, key: string): TemplateResult {
  const { model, edits } = context;
  const path = `config.${key}`;
  const secret = Object.hasOwn(edits.form.secrets, key);
  const set = (value: ConfigValue) =>
    model.edit((form) => ({ ...form, config: withMember(form.config, key, value) }));
  const remove = () => {
    model.setText(path, undefined);
    model.edit((form) => ({
      ...form,
      config: withMember(form.config, key, undefined),
      secrets: withMember(form.secrets, key, undefined),
    }));
  };
  const setSecret = (on: boolean) => {
    model.setText(path, undefined);
    model.edit((form) => ({
      ...form,
      secrets: withMember(form.secrets, key, on ? true : undefined),
      // What was secret is not known here: it has to be given anew.
      config: form.config[key] === secretMask ? withMember(form.config, key, '') : form.config,
    }));
  };
  return html`<div class="config" role="group" aria-label=${key}>
    <div class="config-name"><code>${key}</code></div>
    <div class="config-value">${secret ? secretInput(context, key, set) : openInput(context, key, set)}</div>
    <div class="row buttons">
      ${checkField({ label: l10n.t('Secret'), checked: secret, onChange: setSecret })}
      ${iconButton({ icon: 'trash', label: l10n.t('Remove {0}', key), run: remove })}
    </div>
    ${secret ? nothing : problemLine(problemAt(context, path))}
  </div>`;
}

function secretInput(context: EditorContext, key: string, set: (value: ConfigValue) => void) {
  const { edits, ids } = context;
  const value = edits.form.config[key];
  const stored = value === secretMask;
  return textField({
    id: ids.of(`config.${key} secret`),
    label: l10n.t('Value'),
    type: 'password',
    value: stored ? '' : String(value ?? ''),
    placeholder: stored ? l10n.t('{0} (unchanged)', secretMask) : '',
    problem: problemAt(context, `config.${key}`),
    onInput: (text) =>
      set(text === '' && edits.base.config[key] === secretMask ? secretMask : text),
  });
}

function openInput(
  { model, edits, ids }: EditorContext,
  key: string,
  set: (v: ConfigValue) => void,
) {
  const path = `config.${key}`;
  const value = edits.form.config[key];
  return valueInput({
    id: ids.of(`${path} value`),
    label: l10n.t('Value'),
    schema: { type: schemaType(value) },
    value,
    text: Object.hasOwn(edits.texts, path) ? edits.texts[path] : undefined,
    onValue: (next) => {
      model.setText(path, undefined);
      set(next as ConfigValue);
    },
    onText: (text) => model.setText(path, text),
  });
}

/** A value keeps its type while it is edited. */
function schemaType(value: ConfigValue | undefined): string {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'json';
}

function addValue({ model, edits, ids }: EditorContext): TemplateResult {
  const nameId = ids.of('new config name');
  const typeId = ids.of('new config type');
  const add = () => {
    const name = document.getElementById(nameId) as HTMLInputElement | null;
    const type = (document.getElementById(typeId) as HTMLSelectElement | null)?.value ?? 'text';
    const key = name?.value.trim() ?? '';
    if (!name || key === '' || Object.hasOwn(edits.form.config, key)) return name?.focus();
    name.value = '';
    model.edit((form) => ({
      ...form,
      config: withMember(form.config, key, firstValue(type)),
      secrets: withMember(form.secrets, key, type === 'secret' ? true : undefined),
    }));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') add();
  };
  return html`<div class="row add-value">
    <vscode-textfield
      id=${nameId}
      .label=${l10n.t('Name of the new value')}
      placeholder=${l10n.t('name')}
      @keydown=${onKey}
    ></vscode-textfield>
    ${selectList({
      id: typeId,
      label: l10n.t('Type of the new value'),
      choices: [
        { value: 'text', label: l10n.t('Text') },
        { value: 'secret', label: l10n.t('Secret') },
        { value: 'number', label: l10n.t('Number') },
        { value: 'boolean', label: l10n.t('Yes or no') },
        { value: 'json', label: l10n.t('JSON') },
      ],
    })}
    <vscode-button secondary @click=${add}>${l10n.t('Add')}</vscode-button>
  </div>`;
}

function firstValue(type: string): ConfigValue {
  switch (type) {
    case 'number':
      return 0;
    case 'boolean':
      return true;
    case 'json':
      return {};
    default:
      return '';
  }
}
