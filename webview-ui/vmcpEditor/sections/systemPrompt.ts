import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { textArea } from '../../shared/fields.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';
import type { PromptPreview } from '../promptPreview.ts';

/** What clients are told of the whole, and what it refers to. */
export function systemPrompt(context: EditorContext, preview: PromptPreview): TemplateResult {
  const { model, edits } = context;
  const text = edits.form.system_prompt;
  preview.follow(text);
  return html`<section aria-labelledby="system-prompt">
    <h2 id="system-prompt">${l10n.t('System prompt')}</h2>
    ${textArea({
      id: 'system_prompt',
      label: l10n.t('Instructions for models'),
      hint: l10n.t('Clients get them with the tools, before what the servers say themselves.'),
      value: text,
      rows: 8,
      wide: true,
      monospace: true,
      problem: problemAt(context, 'system_prompt'),
      onInput: (value) => model.edit((form) => ({ ...form, system_prompt: value })),
    })}
    ${references(preview)}
  </section>`;
}

function references({ shown }: PromptPreview): TemplateResult | typeof nothing {
  if (!shown) return nothing;
  const { references: found, problems } = shown;
  if (found.length === 0 && problems.length === 0) return nothing;
  return html`<div class="references" role="group" aria-label=${l10n.t('References')}>
    ${
      found.length === 0
        ? nothing
        : html`<div class="row">
            <span class="muted">${l10n.t('Refers to:')}</span>
            ${found.map(({ kind, name }) => html`<code class="badge">@${kind} ${name}</code>`)}
          </div>`
    }
    ${problems.map(
      ({
        message,
        severity,
        line,
        column,
      }) => html`<div class=${severity === 'error' ? 'wrong' : 'warned'}>
        <span class="codicon codicon-${severity}" aria-hidden="true"></span>
        <span>${l10n.t('Line {0}, column {1}: {2}', line, column, message)}</span>
      </div>`,
    )}
  </div>`;
}
