import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { textArea, textField } from '../../shared/fields.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';

/** Name and description. */
export function identity(context: EditorContext): TemplateResult {
  const { model, edits } = context;
  const set = (member: 'name' | 'description') => (value: string) =>
    model.edit((form) => ({ ...form, [member]: value }));
  return html`<section aria-labelledby="identity">
    <h2 id="identity">${l10n.t('General')}</h2>
    ${textField({
      id: 'name',
      label: l10n.t('Name'),
      hint: l10n.t('MCP clients see it under this name. Letters, digits, space, _ and -.'),
      value: edits.form.name,
      problem: problemAt(context, 'name'),
      onInput: set('name'),
    })}
    ${textArea({
      id: 'description',
      label: l10n.t('Description'),
      value: edits.form.description,
      rows: 2,
      problem: problemAt(context, 'description'),
      onInput: set('description'),
    })}
  </section>`;
}
