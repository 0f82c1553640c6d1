import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { countSelected, type PartKind, partKinds } from '../../../src/contract/parts.ts';
import type { McpServer } from '../../../src/contract/servers.ts';
import { iconButton } from '../../shared/iconButton.ts';
import { own, withMember } from '../../shared/own.ts';
import type { CatalogPart } from '../catalogs.ts';
import { type EditorContext, problemAt } from '../editorContext.ts';
import { everything, type ServerForm } from '../form.ts';
import { missingParts } from './missingParts.ts';
import { partGroup } from './partGroup.ts';

/** One server: its place in the order, and what of it is taken. */
export function serverPart(context: EditorContext, id: string, index: number): TemplateResult {
  const { model, edits, view, ids } = context;
  const part = own(edits.form.servers, id) ?? everything;
  const server = model.servers.find(({ server_id }) => server_id === id);
  const name = server?.name ?? model.vmcp?.mcp_servers.find((s) => s.server_id === id)?.name ?? id;
  const offered = model.catalogs.offered(id);
  const parts = offered.state === 'known' ? offered.parts : [];
  const found = matching(parts, view.search);
  const open = view.search.trim() === '' ? view.unfolded.has(id) : found.length > 0;
  const body = ids.of(`server ${id}`);
  return html`<div class="server">
    <div class="server-head">
      <button
        type="button"
        class="fold"
        aria-expanded=${open ? 'true' : 'false'}
        aria-controls=${body}
        @click=${() => view.toggle('unfolded', id)}
      >
        <span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>
        <h3>${name}</h3>
        <span class="muted">${summary(part, parts)}</span>
        ${stateText(server)}
      </button>
      ${serverButtons(context, id, name, index)}
    </div>
    ${problemAt(context, `servers.${id}`) && !open ? hiddenProblem() : nothing}
    <div id=${body} class="server-body" ?hidden=${!open}>
      ${open ? serverBody(context, id, part, found) : nothing}
    </div>
  </div>`;
}

function serverBody(
  context: EditorContext,
  id: string,
  part: ServerForm,
  found: readonly CatalogPart[],
) {
  const { model, view } = context;
  const offered = model.catalogs.offered(id);
  switch (offered.state) {
    case 'loading':
      return html`<p class="muted">${l10n.t('Loading…')}</p>`;
    case 'unseen':
    case 'failed':
      return html`<p class="muted">
          ${
            offered.state === 'failed'
              ? offered.message
              : l10n.t('It was never connected: what it offers is not known yet.')
          }
        </p>
        <vscode-button secondary @click=${() => void model.catalogs.connect(id)}
          >${l10n.t('Connect')}</vscode-button
        >`;
    case 'known':
      return html`${partKinds.map((kind) =>
        partGroup(context, {
          serverId: id,
          kind,
          part,
          all: offered.parts.filter((each) => each.kind === kind),
          shown: found.filter((each) => each.kind === kind),
          searching: view.search.trim() !== '',
        }),
      )}
      ${missingParts(context, id, part, offered.parts)}`;
  }
}

function serverButtons({ model, edits }: EditorContext, id: string, name: string, index: number) {
  const { order } = edits.form;
  const move = (to: number) => () =>
    model.edit((form) => {
      const next = form.order.filter((each) => each !== id);
      next.splice(to, 0, id);
      return { ...form, order: next };
    });
  const remove = () =>
    model.edit((form) => ({
      ...form,
      order: form.order.filter((each) => each !== id),
      servers: withMember(form.servers, id, undefined),
    }));
  return html`<div class="row buttons">
    ${iconButton({
      icon: 'arrow-up',
      label: l10n.t('Move {0} up', name),
      disabled: index === 0,
      run: move(index - 1),
    })}
    ${iconButton({
      icon: 'arrow-down',
      label: l10n.t('Move {0} down', name),
      disabled: index === order.length - 1,
      run: move(index + 1),
    })}
    ${iconButton({ icon: 'close', label: l10n.t('Take {0} out', name), run: remove })}
  </div>`;
}

/** `2 of 14 tools · 3 of 3 prompts · about 900 tokens`. */
function summary(part: ServerForm, parts: readonly CatalogPart[]): string {
  const count = (kind: PartKind) => {
    const keys = parts.filter((each) => each.kind === kind).map(({ key }) => key);
    return [countSelected(part[kind], keys), keys.length] as const;
  };
  const texts: string[] = [];
  const [tools, allTools] = count('tools');
  if (allTools > 0) texts.push(l10n.t('{0} of {1} tools', tools, allTools));
  const [prompts, allPrompts] = count('prompts');
  if (allPrompts > 0) texts.push(l10n.t('{0} of {1} prompts', prompts, allPrompts));
  const [resources, allResources] = count('resources');
  if (allResources > 0) texts.push(l10n.t('{0} of {1} resources', resources, allResources));
  return texts.join(' · ');
}

function stateText(server: McpServer | undefined): TemplateResult | typeof nothing {
  if (!server) return nothing;
  if (!server.enabled) return html`<span class="muted">${l10n.t('(disabled)')}</span>`;
  if (!server.last_error) return nothing;
  return html`<span class="warned" title=${server.last_error}>
    <span class="codicon codicon-warning" aria-hidden="true"></span>${l10n.t('not reached')}
  </span>`;
}

function hiddenProblem() {
  return html`<div class="wrong" role="alert">
    <span class="codicon codicon-error" aria-hidden="true"></span>
    ${l10n.t('Something here was refused: unfold it.')}
  </div>`;
}

function matching(parts: readonly CatalogPart[], search: string): readonly CatalogPart[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return parts;
  return parts.filter(({ key, label, description }) => {
    const text = `${key} ${label} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
