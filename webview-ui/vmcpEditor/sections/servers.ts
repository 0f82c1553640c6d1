import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { selectList } from '../../shared/fields.ts';
import type { EditorContext } from '../editorContext.ts';
import { everything } from '../form.ts';
import { serverPart } from './serverPart.ts';

/** The vMCP's servers, the most important first, and what it takes of each. */
export function servers(context: EditorContext): TemplateResult {
  const { edits, view } = context;
  const { order } = edits.form;
  return html`<section aria-labelledby="servers">
    <h2 id="servers">${l10n.t('Servers and tools')}</h2>
    <p class="muted">
      ${l10n.t(
        'Only what is ticked is offered to clients. Where two servers contest a name, the upper one keeps it.',
      )}
    </p>
    ${
      order.length === 0
        ? html`<p class="empty">${l10n.t('No MCP server is in it yet.')}</p>`
        : html`<vscode-textfield
            class="search"
            type="search"
            .label=${l10n.t('Search tools, prompts and resources')}
            placeholder=${l10n.t('Search tools, prompts and resources')}
            .value=${view.search}
            @input=${(event: Event) =>
              view.searchFor((event.currentTarget as HTMLInputElement).value)}
          >
            <span slot="content-before" class="codicon codicon-search" aria-hidden="true"></span>
          </vscode-textfield>`
    }
    <div class="servers">
      ${repeat(
        order,
        (id) => id,
        (id, index) => serverPart(context, id, index),
      )}
    </div>
    ${addServer(context)}
  </section>`;
}

function addServer({ model, edits, view, ids }: EditorContext) {
  const absent = model.servers.filter(({ server_id }) => !edits.form.order.includes(server_id));
  if (absent.length === 0) {
    const next = () => void model.link.request('window', 'addServer', {}).catch(() => undefined);
    return html`<vscode-button secondary @click=${next}
      >${l10n.t('Add an MCP server to vMCP…')}</vscode-button
    >`;
  }
  const id = ids.of('add server');
  const add = () => {
    const select = document.getElementById(id) as HTMLSelectElement | null;
    const chosen = select?.value || absent[0]?.server_id;
    if (chosen === undefined) return;
    model.edit((form) => ({
      ...form,
      order: [...form.order, chosen],
      servers: { ...form.servers, [chosen]: everything },
    }));
    model.catalogs.want([chosen]);
    view.toggle('unfolded', chosen);
  };
  return html`<div class="row add-server">
    ${selectList({
      id,
      label: l10n.t('MCP server to add'),
      choices: absent.map(({ server_id, name }) => ({ value: server_id, label: name })),
    })}
    <vscode-button secondary @click=${add}>${l10n.t('Add')}</vscode-button>
  </div>`;
}
