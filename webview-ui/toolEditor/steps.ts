import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/contract/json.ts';
import { iconButton } from '../shared/iconButton.ts';
import { valueInput } from '../shared/valueInput.ts';
import type { FormFields } from './formFields.ts';
import { pathText } from './formPath.ts';

/** The steps of a composite tool. */
export function stepsSection(form: FormFields): TemplateResult {
  const { model } = form;
  const value = model.get(['steps']);
  const steps = Array.isArray(value) ? value.filter(isJsonObject) : [];
  const add = () => {
    const tool = model.names?.tools[0]?.name ?? '';
    model.set(['steps'], [...steps, { id: freeId(steps), tool, arguments: {} }]);
  };
  return html`<section class="stack" aria-labelledby="steps">
    <h2 id="steps">${l10n.t('Steps')}</h2>
    <p class="muted">
      ${l10n.t('A step runs once the steps that it mentions are done; {{steps.id.name}} is a part of a result.')}
    </p>
    ${steps.map((step, index) => stepCard(form, steps, step, index))}
    <div>
      <vscode-button secondary @click=${add}>${l10n.t('Add step')}</vscode-button>
    </div>
    ${form.lines(['output'], l10n.t('Result'), {
      hint: l10n.t('A text made of the steps; nothing: what the last step answers'),
      optional: true,
    })}
  </section>`;
}

function stepCard(
  form: FormFields,
  steps: readonly JsonObject[],
  step: JsonObject,
  index: number,
): TemplateResult {
  const { model } = form;
  const at = (member: string) => ['steps', index, member];
  const id = String(step.id ?? '');
  const move = (by: number) => {
    const others = steps.filter((_, place) => place !== index);
    others.splice(index + by, 0, step);
    model.set(['steps'], others);
  };
  return html`<fieldset class="card stack">
    <legend class="row">
      <code>${id}</code>
      ${iconButton({
        ...{ icon: 'arrow-up', label: l10n.t('Move {0} up', id), run: () => move(-1) },
        disabled: index === 0,
      })}
      ${iconButton({
        ...{ icon: 'arrow-down', label: l10n.t('Move {0} down', id), run: () => move(1) },
        disabled: index === steps.length - 1,
      })}
      ${iconButton({
        ...{ icon: 'trash', label: l10n.t('Remove {0}', id) },
        run: () => model.set(['steps', index], undefined),
        disabled: steps.length === 1,
      })}
    </legend>
    <div class="columns">${form.text(at('id'), l10n.t('Id'))} ${toolField(form, index, step)}</div>
    ${argumentInputs(form, index, step)}
    <div class="columns">
      ${form.text(at('if'), l10n.t('Only if'), {
        hint: l10n.t('Left out where it comes out empty, false or 0'),
        optional: true,
      })}
      ${form.text(at('for_each'), l10n.t('For each of'), {
        hint: l10n.t('A list; {{item}} and {{index}} say which'),
        optional: true,
      })}
    </div>
    <div class="columns">
      ${form.choice(at('on_error'), l10n.t('Where it fails'), [
        { value: 'stop', label: l10n.t('The tool fails') },
        { value: 'continue', label: l10n.t('Its result is null') },
        { value: 'fallback', label: l10n.t('Another result stands in') },
      ])}
      ${step.for_each === undefined ? nothing : form.number(at('max_items'), l10n.t('At most'))}
    </div>
    ${
      step.on_error === 'fallback'
        ? form.json(at('fallback'), l10n.t('The other result'), l10n.t('As JSON'))
        : nothing
    }
  </fieldset>`;
}

/** Any tool of the vMCP; one that is not there now is kept. */
function toolField(form: FormFields, index: number, step: JsonObject): TemplateResult {
  const known = (form.model.names?.tools ?? []).map(({ name }) => name);
  const all = [...new Set([String(step.tool ?? ''), ...known])];
  const choices = all.map((name) => ({ value: name, label: name }));
  return form.choice(['steps', index, 'tool'], l10n.t('Tool'), choices);
}

/** An input for each argument of the step's tool; of an unknown tool all of them as JSON. */
function argumentInputs(form: FormFields, index: number, step: JsonObject): TemplateResult {
  const { model } = form;
  const path = ['steps', index, 'arguments'];
  const tool = model.names?.tools.find(({ name }) => matches(name, String(step.tool ?? '')));
  const properties = tool?.inputSchema.properties;
  if (!isJsonObject(properties)) {
    return form.json(path, l10n.t('Arguments'), l10n.t('As JSON, with references in it'));
  }
  const given = isJsonObject(step.arguments) ? step.arguments : {};
  const names = [...new Set([...Object.keys(properties), ...Object.keys(given)])];
  const inputs = names.map((name) => argumentInput(form, [...path, name], name, properties[name]));
  return html`<fieldset class="stack">
    <legend class="name">${l10n.t('Arguments')}</legend>
    ${names.length === 0 ? html`<p class="muted">${l10n.t('It takes none.')}</p>` : inputs}
  </fieldset>`;
}

function argumentInput(
  { model, ids }: FormFields,
  path: (string | number)[],
  name: string,
  schema: JsonValue | undefined,
): TemplateResult {
  return valueInput({
    ...{ id: ids.of(pathText(path)), label: name, schema },
    value: model.get(path),
    text: model.text(path),
    onValue: (value) => model.set(path, value === '' ? undefined : value),
    onText: (text) => {
      if (text === '') model.set(path, undefined);
      else model.setText(path, text);
    },
  });
}

/** A tool may be written with or without its server. */
function matches(canonical: string, written: string): boolean {
  return canonical === written || canonical === `vmcp.${written}`;
}

function freeId(steps: readonly JsonObject[]): string {
  const taken = steps.map(({ id }) => id);
  for (let n = steps.length + 1; ; n += 1) if (!taken.includes(`step${n}`)) return `step${n}`;
}
