import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { iconButton } from '../../shared/iconButton.ts';
import { clientSnippets } from '../clientSnippets.ts';
import type { EditorContext } from '../editorContext.ts';

/** How MCP clients reach the vMCP: its address, and what goes into their files. */
export function connect({ model, view, edits }: EditorContext): TemplateResult | typeof nothing {
  const { endpoint, link } = model;
  if (!endpoint) return nothing;
  const copy = (text: string) => () =>
    void link.request('window', 'copyText', { text }).catch(() => undefined);
  const exportIt = () =>
    void link.request('window', 'exportVmcp', { ...link.context }).catch(() => undefined);
  const hidden = endpoint.url.replace(/\/t\/[^/]+\//, '/t/••••••/');
  return html`<section aria-labelledby="connect">
    <h2 id="connect">${l10n.t('Connect clients')}</h2>
    <p class="muted">
      ${l10n.t("VS Code's own agents have it already. For others:")}
    </p>
    <vscode-button secondary @click=${exportIt}
      >${l10n.t('Write it into the file of a client…')}</vscode-button
    >
    ${clientSnippets(edits.base.name, endpoint).map(
      ({ title, text }) => html`<div class="snippet" role="group" aria-label=${title}>
        <div class="snippet-head">
          <h3 class="grow">${title}</h3>
          ${iconButton({ icon: 'copy', label: l10n.t('Copy: {0}', title), run: copy(text) })}
        </div>
        <pre tabindex="0" aria-label=${title}>${text}</pre>
      </div>`,
    )}
    <div class="snippet" role="group" aria-label=${l10n.t('Address')}>
      <div class="snippet-head">
        <h3 class="grow">${l10n.t('Address (Streamable HTTP)')}</h3>
        ${
          hidden === endpoint.url
            ? nothing
            : iconButton({
                icon: view.tokenShown ? 'eye-closed' : 'eye',
                label: l10n.t('Show the token'),
                pressed: view.tokenShown,
                run: () => view.showToken(),
              })
        }
        ${iconButton({ icon: 'copy', label: l10n.t('Copy the address'), run: copy(endpoint.url) })}
      </div>
      <pre tabindex="0" aria-label=${l10n.t('Address')}>${view.tokenShown ? endpoint.url : hidden}</pre>
      ${
        hidden === endpoint.url
          ? nothing
          : html`<p class="muted">
              ${l10n.t('Works while the vMCP server runs. It holds a token: keep it out of files that you share.')}
            </p>`
      }
    </div>
  </section>`;
}
