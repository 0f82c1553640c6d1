import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit';
import '../shared/page.css';
import '../shared/tryOut/tryOut.css';
import { banner } from '../shared/banner.ts';
import { contentShown } from '../shared/contentShown.ts';
import { FieldIds } from '../shared/fieldIds.ts';
import { linkBanner } from '../shared/linkBanner.ts';
import { loading } from '../shared/loading.ts';
import { Rest } from '../shared/rest.ts';
import { startPage } from '../shared/startPage.ts';
import { tryView } from '../shared/tryOut/tryView.ts';
import { InspectorModel } from './inspectorModel.ts';

const link = startPage();
const ids = new FieldIds();
const model = new InspectorModel(link, new Rest(link), show);
void model.start();
show();

function show(): void {
  render(page(), document.body);
  if (model.loaded) contentShown();
}

function page(): TemplateResult {
  const { context, item, loaded } = model;
  const about = typeof item?.description === 'string' ? item.description : '';
  return html`<main class="page stack">
    <h1>${context.name}</h1>
    ${linkBanner(model.linkStatus, link)}
    ${about === '' ? nothing : html`<p class="muted about">${about}</p>`}
    ${loaded ? nothing : loading()} ${loaded ? troubles() : nothing}
    ${item ? tryView(model.trying, ids) : nothing}
  </main>`;
}

function troubles(): TemplateResult | typeof nothing {
  const { failure, item, context } = model;
  if (item) return nothing;
  const connect = { label: l10n.t('Connect'), run: () => void model.connect() };
  const isServer = context.of === 'server';
  return banner({
    severity: failure ? 'error' : 'warning',
    what: failure?.error ?? l10n.t('“{0}” is not offered any more.', context.name),
    where: failure?.detail ?? '',
    next: isServer ? [connect] : [],
  });
}
