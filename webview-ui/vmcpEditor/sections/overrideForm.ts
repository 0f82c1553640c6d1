import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isJsonObject, type JsonValue } from '../../../src/contract/json.ts';
import type { ToolOverride } from '../../../src/contract/vmcps.ts';
import { textArea, textField } from '../../shared/fields.ts';
import type { CatalogPart } from '../catalogs.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';
import { changeOverride, withText } from '../overrides.ts';
import { argumentRow } from './argumentRow.ts';

/** What the vMCP changes about one tool: its name, title, description and arguments. */
export function overrideForm(
  context: EditorContext,
  serverId: string,
  part: CatalogPart,
  override: ToolOverride,
): TemplateResult {
  const { model, ids } = context;
  const path = `servers.${serverId}.overrides.${part.key}`;
  const set = (member: 'name' | 'title' | 'description') => (text: string) =>
    model.edit((form) =>
      changeOverride(form, serverId, part.key, (before) => withText(before, member, text)),
    );
  const { title } = part.source;
  const args = argumentsOf(part, override);
  return html`<div class="override">
    ${textField({
      id: ids.of(`${path}.name`),
      label: l10n.t('Name'),
      hint: l10n.t('Under which clients call it'),
      value: override.name ?? '',
      placeholder: part.key,
      problem: problemAt(context, `${path}.name`),
      onInput: set('name'),
    })}
    ${textField({
      id: ids.of(`${path}.title`),
      label: l10n.t('Title'),
      value: override.title ?? '',
      placeholder: typeof title === 'string' ? title : '',
      problem: problemAt(context, `${path}.title`),
      onInput: set('title'),
    })}
    ${textArea({
      id: ids.of(`${path}.description`),
      label: l10n.t('Description'),
      hint: l10n.t('By it a model chooses the tool'),
      value: override.description ?? '',
      placeholder: part.description,
      rows: 3,
      wide: true,
      problem: problemAt(context, `${path}.description`),
      onInput: set('description'),
    })}
    ${
      args.length === 0
        ? html`<p class="muted">${l10n.t('It takes no arguments.')}</p>`
        : html`<h4 class="arguments-title">${l10n.t('Arguments')}</h4>`
    }
    ${repeat(
      args,
      ({ name }) => name,
      (argument) => argumentRow(context, { ...argument, serverId, tool: part.key }),
    )}
  </div>`;
}

/** The tool's arguments, and those that only the override knows. */
function argumentsOf(part: CatalogPart, override: ToolOverride) {
  const schema = part.source.inputSchema as JsonValue | undefined;
  const properties =
    isJsonObject(schema) && isJsonObject(schema.properties) ? schema.properties : {};
  const required = isJsonObject(schema) && Array.isArray(schema.required) ? schema.required : [];
  const overridden = override.arguments ?? {};
  const stale = Object.keys(overridden).filter((name) => !Object.hasOwn(properties, name));
  return [
    ...Object.entries(properties).map(([name, property]) => ({ name, property, known: true })),
    ...stale.map((name) => ({ name, property: undefined, known: false })),
  ].map((argument) => ({
    ...argument,
    required: required.includes(argument.name),
    override: Object.hasOwn(overridden, argument.name) ? (overridden[argument.name] ?? {}) : {},
  }));
}
