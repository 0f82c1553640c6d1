import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { StatsOverview } from '../../../src/contract/stats.ts';
import { formatCount, formatDuration, formatShare } from '../format.ts';

/** The figures of everything that is selected. */
export function tiles({ totals }: StatsOverview): TemplateResult {
  const { calls, errors, p50_ms, p95_ms, clients } = totals;
  const failed = formatShare(errors, calls);
  return html`<dl class="tiles">
    ${tile(l10n.t('Calls'), formatCount(calls))}
    ${tile(l10n.t('Failed'), formatCount(errors), failed, errors > 0 ? 'error' : undefined)}
    ${tile(l10n.t('Half take at most'), formatDuration(p50_ms), 'p50')}
    ${tile(l10n.t('95 % take at most'), formatDuration(p95_ms), 'p95')}
    ${tile(l10n.t('Clients'), formatCount(clients))}
  </dl>`;
}

function tile(label: string, value: string, note = '', icon?: string): TemplateResult {
  return html`<div>
    <dt>${label}</dt>
    <dd>
      ${icon ? html`<span class="codicon codicon-${icon}" aria-hidden="true"></span>` : nothing}
      <span class="value">${value}</span> <span class="muted">${note}</span>
    </dd>
  </div>`;
}
