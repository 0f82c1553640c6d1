import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';

/** What a page shows until it has something to show. */
export function loading(text = l10n.t('Loading…')): TemplateResult {
  return html`<div class="loading" role="status">
    <vscode-progress-ring aria-hidden="true"></vscode-progress-ring>
    <span>${text}</span>
  </div>`;
}
