import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Dashboard } from '../dashboard.ts';
import { type Filters, isNarrowed, type Range } from '../filters.ts';
import { formatBucket } from '../format.ts';

interface Choice {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  choose(value: string): void;
}

/** What is shown: time, vMCP, server, client, kind, outcome, text. */
export function filterBar(dashboard: Dashboard): TemplateResult {
  return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
    ${choices(dashboard).map(choice)} ${searchField(dashboard)} ${chips(dashboard)}
  </form>`;
}

function choices(dashboard: Dashboard): Choice[] {
  const { filters, vmcps = [], servers, clients } = dashboard;
  const all: readonly [string, string] = ['', l10n.t('All')];
  const text = (name: keyof Filters) => (value: string) => dashboard.filter({ [name]: value });
  return [
    {
      label: l10n.t('Time'),
      value: filters.span ? 'span' : filters.range,
      options: [
        ...(filters.span ? [['span', l10n.t('Chosen part')] as const] : []),
        ...rangeNames(),
      ],
      choose: (value) => dashboard.filter({ range: value as Range, span: undefined }),
    },
    {
      label: l10n.t('vMCP'),
      value: filters.vmcp_id,
      options: [all, ...vmcps.map(({ vmcp_id, name }) => [vmcp_id, name] as const)],
      choose: text('vmcp_id'),
    },
    {
      label: l10n.t('Server'),
      value: filters.server_id,
      options: [
        all,
        ...servers.map(({ server_id, name }) => [server_id, name] as const),
        ['vmcp', l10n.t('Own tools')],
      ],
      choose: text('server_id'),
    },
    {
      label: l10n.t('Client'),
      value: filters.client_id,
      options: [all, ...clients],
      choose: text('client_id'),
    },
    {
      label: l10n.t('Kind'),
      value: filters.method,
      options: [['', l10n.t('Everything')], ...methodNames()],
      choose: text('method'),
    },
    {
      label: l10n.t('Outcome'),
      value: filters.success,
      options: [all, ['true', l10n.t('Succeeded')], ['false', l10n.t('Failed')]],
      choose: text('success'),
    },
  ];
}

function rangeNames(): [Range, string][] {
  return [
    ['hour', l10n.t('Last hour')],
    ['day', l10n.t('Last 24 hours')],
    ['week', l10n.t('Last 7 days')],
    ['month', l10n.t('Last 30 days')],
    ['all', l10n.t('All time')],
  ];
}

function methodNames(): [string, string][] {
  return [
    ['tools/call', l10n.t('Tool calls')],
    ['prompts/get', l10n.t('Prompts')],
    ['resources/read', l10n.t('Resources read')],
    ['tools/list', l10n.t('Lists of tools')],
    ['completion/complete', l10n.t('Completions')],
  ];
}

/** A value that is no longer offered stays chosen, and can be seen. */
function choice({ label, value, options, choose }: Choice): TemplateResult {
  const shown = options.some(([each]) => each === value)
    ? options
    : [...options, [value, value] as const];
  return html`<label class="choice">
    <span>${label}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${shown.map(
        ([each, name]) => html`<option value=${each} .selected=${each === value}>${name}</option>`,
      )}
    </select>
  </label>`;
}

function searchField(dashboard: Dashboard): TemplateResult {
  return html`<label class="choice search">
    <span>${l10n.t('Search')}</span>
    <input
      type="search"
      maxlength="200"
      placeholder=${l10n.t('in names, arguments, results, errors')}
      .value=${dashboard.filters.search}
      @input=${(event: Event) => dashboard.search((event.target as HTMLInputElement).value)}
    />
  </label>`;
}

/** What is narrowed by a click on a chart or a list, and how that ends. */
function chips(dashboard: Dashboard): TemplateResult | typeof nothing {
  const { filters, overview } = dashboard;
  const { tool, span } = filters;
  if (!isNarrowed(filters) && !span) return nothing;
  const width = overview?.bucket_ms ?? 0;
  return html`<div class="chips">
    ${tool === '' ? nothing : chip(l10n.t('Tool: {0}', tool), () => dashboard.filter({ tool: '' }))}
    ${
      span
        ? chip(
            l10n.t(
              '{0} to {1}',
              formatBucket(new Date(span.start).toISOString(), width),
              formatBucket(new Date(span.end).toISOString(), width),
            ),
            () => dashboard.filter({ span: undefined }),
          )
        : nothing
    }
    ${
      isNarrowed(filters)
        ? html`<button type="button" class="link" @click=${() => dashboard.clearFilters()}>
            ${l10n.t('Clear filters')}
          </button>`
        : nothing
    }
  </div>`;
}

function chip(text: string, end: () => void): TemplateResult {
  return html`<button type="button" class="chip" title=${l10n.t('Show all again')} @click=${end}>
    ${text} <span class="codicon codicon-close" aria-hidden="true"></span>
    <span class="unseen">${l10n.t('Show all again')}</span>
  </button>`;
}
