import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { isJsonObject, type JsonValue } from '../../../src/contract/json.ts';
import type { ArgumentOverride } from '../../../src/contract/vmcps.ts';
import { problemLine, selectField, textField } from '../../shared/fields.ts';
import { inputKind, typeOf } from '../../shared/typedValue.ts';
import { valueInput } from '../../shared/valueInput.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';
import { type ArgumentMode, changeOverride, modeOf, withArgument, withMode } from '../overrides.ts';

export interface ArgumentRow {
  serverId: string;
  tool: string;
  name: string;
  /** Its schema; undefined where the tool has no such argument (any more). */
  property: JsonValue | undefined;
  known: boolean;
  required: boolean;
  override: ArgumentOverride;
}

/** What the vMCP does with one argument. */
export function argumentRow(context: EditorContext, row: ArgumentRow): TemplateResult {
  const { model, edits, ids } = context;
  const { serverId, tool, name, property, override } = row;
  const path = `servers.${serverId}.overrides.${tool}.arguments.${name}`;
  const mode = modeOf(override);
  const change = (next: ArgumentOverride) =>
    model.edit((form) =>
      changeOverride(form, serverId, tool, (before) => withArgument(before, name, next)),
    );
  const setValue = (value: JsonValue) => {
    const given = value as ArgumentOverride['value'];
    change(mode === 'fixed' ? { ...override, value: given } : { ...override, default: given });
  };
  return html`<div class="argument" role="group" aria-label=${name}>
    <div class="argument-name">
      <code>${name}</code>
      <span class="muted">${about(row)}</span>
    </div>
    <div class="argument-fields">
      ${selectField({
        id: ids.of(`${path} mode`),
        label: l10n.t('Clients'),
        value: mode,
        choices: modeChoices(row),
        onChange: (next) => {
          model.setText(path, undefined);
          change(withMode(override, next as ArgumentMode, firstValue(property)));
        },
      })}
      ${
        mode === 'fixed' || mode === 'default'
          ? valueInput({
              id: ids.of(`${path} value`),
              label: mode === 'fixed' ? l10n.t('Fixed value') : l10n.t('Value when left out'),
              schema: property,
              value: mode === 'fixed' ? override.value : override.default,
              text: Object.hasOwn(edits.texts, path) ? edits.texts[path] : undefined,
              onValue: (value) => {
                model.setText(path, undefined);
                setValue(value);
              },
              onText: (text) => model.setText(path, text),
            })
          : nothing
      }
      ${
        mode === 'open' || mode === 'default'
          ? textField({
              id: ids.of(`${path} description`),
              label: l10n.t('Description'),
              value: override.description ?? '',
              placeholder: descriptionOf(property),
              onInput: (text) => {
                const { description: _, ...others } = override;
                change(text === '' ? others : { ...others, description: text });
              },
            })
          : nothing
      }
    </div>
    ${problemLine(problemAt(context, path) ?? savedProblem(context, row))}
  </div>`;
}

/** What the server found wrong with it as it is saved. */
function savedProblem({ model }: EditorContext, { serverId, tool, name }: ArgumentRow) {
  return model.vmcp?.problems.find(
    (problem) =>
      problem.server_id === serverId && problem.tool === tool && problem.argument === name,
  )?.message;
}

function about({ property, known, required }: ArgumentRow): string {
  if (!known) return l10n.t('the tool has no such argument any more');
  const type = typeOf(property) ?? l10n.t('any type');
  return required ? l10n.t('{0}, required', type) : type;
}

function modeChoices({ required }: ArgumentRow) {
  return [
    { value: 'open', label: l10n.t('give it') },
    { value: 'default', label: l10n.t('may leave it out: a value is filled in') },
    { value: 'fixed', label: l10n.t('do not see it: it is fixed') },
    ...(required ? [] : [{ value: 'hidden', label: l10n.t('do not see it: it is never sent') }]),
  ];
}

function descriptionOf(property: JsonValue | undefined): string {
  const text = isJsonObject(property) ? property.description : undefined;
  return typeof text === 'string' ? text : '';
}

/** What a new value begins with. */
function firstValue(property: JsonValue | undefined): JsonValue {
  if (isJsonObject(property)) {
    if (property.default !== undefined) return property.default;
    if (Array.isArray(property.enum) && property.enum[0] !== undefined) return property.enum[0];
  }
  switch (inputKind(property)) {
    case 'text':
      return '';
    case 'number':
      return 0;
    case 'boolean':
      return true;
    default:
      return typeOf(property) === 'array' ? [] : typeOf(property) === 'object' ? {} : null;
  }
}
