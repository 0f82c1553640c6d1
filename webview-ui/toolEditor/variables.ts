import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { isJsonObject, type JsonObject } from '../../src/contract/json.ts';
import { iconButton } from '../shared/iconButton.ts';
import type { FormFields } from './formFields.ts';

const types = ['str', 'int', 'float', 'bool', 'list', 'dict'];

/** The parameters of a tool or prompt. */
export function variablesSection(form: FormFields): TemplateResult {
  const { model } = form;
  const value = model.get(['variables']);
  const variables = Array.isArray(value) ? value.filter(isJsonObject) : [];
  const hint =
    model.kind === 'python'
      ? l10n.t('The signature of main says what the tool takes; describe single parameters here.')
      : l10n.t('What the tool takes: @param.name puts the value in.');
  const add = () => {
    model.set(
      ['variables'],
      [...variables, { name: freeName(variables), type: 'str', required: true }],
    );
  };
  return html`<section class="stack" aria-labelledby="variables">
    <h2 id="variables">${l10n.t('Parameters')}</h2>
    <p class="muted">${hint}</p>
    ${variables.map((variable, index) => variableCard(form, variable, index))}
    <div>
      <vscode-button secondary @click=${add}>${l10n.t('Add parameter')}</vscode-button>
    </div>
  </section>`;
}

function variableCard(form: FormFields, { name, type }: JsonObject, index: number): TemplateResult {
  const { model } = form;
  const at = (member: string) => ['variables', index, member];
  const known = typeof type === 'string' && !types.includes(type) ? [...types, type] : types;
  const choices = known.map((each) => ({ value: each, label: typeText(each) }));
  return html`<fieldset class="card stack">
    <legend class="row">
      <code>${String(name ?? '')}</code>
      ${iconButton({
        icon: 'trash',
        label: l10n.t('Remove {0}', String(name ?? '')),
        run: () => model.set(['variables', index], undefined),
      })}
    </legend>
    <div class="columns">
      ${form.text(at('name'), l10n.t('Name'))} ${form.choice(at('type'), l10n.t('Type'), choices)}
    </div>
    ${form.text(at('description'), l10n.t('Description'), { optional: true, wide: true })}
    ${form.check(at('required'), l10n.t('Required'))}
    <div class="columns">
      ${form.json(at('default'), l10n.t('Default'), l10n.t('As JSON; nothing: none'))}
      ${form.json(at('enum'), l10n.t('Allowed values'), l10n.t('A JSON list; nothing: any'))}
    </div>
  </fieldset>`;
}

function typeText(type: string): string {
  const texts: Record<string, string> = {
    str: l10n.t('Text'),
    int: l10n.t('Whole number'),
    float: l10n.t('Number'),
    bool: l10n.t('True or false'),
    list: l10n.t('List'),
    dict: l10n.t('Object'),
  };
  return texts[type] ?? type;
}

function freeName(variables: readonly JsonObject[]): string {
  const taken = variables.map(({ name }) => name);
  for (let n = 1; ; n += 1) if (!taken.includes(`value${n}`)) return `value${n}`;
}
