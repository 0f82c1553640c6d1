import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { loading } from '../shared/loading.ts';
import type { EditorContext } from './editorContext.ts';
import type { EditorModel } from './editorModel.ts';
import type { PromptPreview } from './promptPreview.ts';
import { configuration } from './sections/configuration.ts';
import { connect } from './sections/connect.ts';
import { header } from './sections/header.ts';
import { identity } from './sections/identity.ts';
import { options } from './sections/options.ts';
import { servers } from './sections/servers.ts';
import { systemPrompt } from './sections/systemPrompt.ts';
import { troubles } from './sections/troubles.ts';

/** The whole page, once there is something to edit. */
export function editorPage(context: EditorContext, preview: PromptPreview): TemplateResult {
  const sections: [id: string, title: string][] = [
    ['servers', l10n.t('Servers and tools')],
    ['identity', l10n.t('General')],
    ['configuration', l10n.t('Configuration')],
    ['system-prompt', l10n.t('System prompt')],
    ['options', l10n.t('Options')],
    ['connect', l10n.t('Connect clients')],
  ];
  return html`<main class="page editor">
    ${header(context)}
    <nav class="contents" aria-label=${l10n.t('Sections')}>
      ${sections.map(
        ([id, title]) => html`<button type="button" @click=${() => goTo(id)}>${title}</button>`,
      )}
    </nav>
    <div class="sections">
      ${troubles(context.model)} ${servers(context)} ${identity(context)} ${configuration(context)}
      ${systemPrompt(context, preview)} ${options(context)} ${connect(context)}
    </div>
  </main>`;
}

/** The page before anything was read, or where nothing could be. */
export function emptyPage(model: EditorModel): TemplateResult {
  const waiting = !model.trouble && !model.removed && model.linkStatus.status !== 'failed';
  return html`<main class="page">${troubles(model)} ${waiting ? loading() : ''}</main>`;
}

function goTo(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView({ block: 'start' });
  heading?.setAttribute('tabindex', '-1');
  heading?.focus({ preventScroll: true });
}
