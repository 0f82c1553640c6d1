import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

/** Told by a sign and a word, not by a colour alone. */
export function outcome(success: boolean): TemplateResult {
  return success
    ? html`<span class="done"
        ><span class="codicon codicon-check" aria-hidden="true"></span> <span class="word">${l10n.t('OK')}</span></span
      >`
    : html`<span class="failed"
        ><span class="codicon codicon-error" aria-hidden="true"></span> <span class="word">${l10n.t('Failed')}</span></span
      >`;
}
