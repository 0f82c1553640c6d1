import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { Dashboard } from '../dashboard.ts';
import { isNarrowed } from '../filters.ts';

/** Says why there is nothing, and what to do about it. */
export function emptyState(dashboard: Dashboard): TemplateResult {
  const { filters, vmcps } = dashboard;
  const isAll = filters.range === 'all' && !filters.span;
  const steps = [
    ...(isNarrowed(filters)
      ? [{ label: l10n.t('Clear the filters'), run: () => dashboard.clearFilters() }]
      : []),
    ...(isAll
      ? []
      : [
          {
            label: l10n.t('Show all time'),
            run: () => dashboard.filter({ range: 'all', span: undefined }),
          },
        ]),
    ...(vmcps?.length === 0
      ? [
          {
            label: l10n.t('Create a virtual MCP server'),
            run: () =>
              void dashboard.link.request('window', 'createVmcp', {}).catch(() => undefined),
          },
        ]
      : []),
  ];
  return html`<section class="empty" role="status">
    <span class="codicon codicon-graph" aria-hidden="true"></span>
    <h2>${l10n.t('No calls here')}</h2>
    <p class="muted">${
      vmcps?.length === 0
        ? l10n.t('There is no virtual MCP server yet whose calls could be shown.')
        : isNarrowed(filters)
          ? l10n.t('Nothing in the log fits the filters.')
          : l10n.t(
              'Open the chat in agent mode and use a tool of a vMCP, or copy its address into another MCP client. Calls appear here at once.',
            )
    }</p>
    ${
      steps.length === 0
        ? nothing
        : html`<div class="row">${steps.map(
            ({ label, run }) =>
              html`<vscode-button secondary @click=${run}>${label}</vscode-button>`,
          )}</div>`
    }
  </section>`;
}
