import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { EditorContext } from '../editorContext.ts';

/** More tools than this make requests of many models fail. */
const toolLimit = 128;

/** The name, what the vMCP amounts to, and the buttons for all that is edited. */
export function header({ model, edits }: EditorContext): TemplateResult {
  const { vmcp, dirty, saving, removed } = model;
  return html`<header class="editor-header">
    <div class="grow">
      <h1>${edits.form.name || l10n.t('(no name)')}</h1>
      ${vmcp ? amounts(vmcp.counts, vmcp.tokens) : nothing}
    </div>
    <div class="row">
      <span class="muted" role="status">${saveState(model)}</span>
      <vscode-button
        ?disabled=${!dirty || saving || removed}
        @click=${() => void model.save()}
        title=${l10n.t('Save (Ctrl+S)')}
        >${l10n.t('Save')}</vscode-button
      >
      <vscode-button secondary ?disabled=${!dirty || saving} @click=${() => model.discard()}
        >${l10n.t('Discard changes')}</vscode-button
      >
    </div>
  </header>`;
}

function saveState({ dirty, saving, saves }: EditorContext['model']): string {
  if (saving) return l10n.t('Saving…');
  if (dirty) return l10n.t('Not saved');
  return saves > 0 ? l10n.t('Saved') : '';
}

function amounts(counts: { tools: number; prompts: number; resources: number }, tokens: number) {
  const { tools, prompts, resources } = counts;
  return html`<p class="muted">
      ${l10n.t(
        '{0} tools · {1} prompts · {2} resources · about {3} tokens in each request of a model',
        tools,
        prompts,
        resources,
        tokens.toLocaleString(),
      )}
    </p>
    ${
      tools > toolLimit
        ? html`<p class="warned">
            <span class="codicon codicon-warning" aria-hidden="true"></span>
            ${l10n.t('Many models take at most {0} tools in a request. Untick some.', toolLimit)}
          </p>`
        : nothing
    }`;
}
