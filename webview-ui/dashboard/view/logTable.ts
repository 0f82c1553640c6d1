import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LogSummary } from '../../../src/contract/stats.ts';
import { iconButton } from '../../shared/iconButton.ts';
import { loading } from '../../shared/loading.ts';
import type { Dashboard } from '../dashboard.ts';
import { formatCount, formatDuration, formatTime } from '../format.ts';
import { vmcpName } from '../names.ts';
import { logRecord } from './logRecord.ts';
import { outcome } from './outcome.ts';

/** The logged operations, a page at a time; a row unfolds into its record. */
export function logTable(dashboard: Dashboard): TemplateResult {
  const { log, overview } = dashboard;
  const rows = overview?.totals.rows ?? 0;
  return html`<section class="log">
    <div class="row">
      <h2 class="grow">${l10n.t('Log')} <span class="badge">${formatCount(rows)}</span></h2>
      ${pager(dashboard)}
    </div>
    ${
      overview && rows < overview.totals.calls
        ? html`<p class="muted">${l10n.t('Of older calls only sums of whole days (UTC) are kept.')}</p>`
        : nothing
    }
    ${log.rows ? (log.rows.length > 0 ? table(dashboard, log.rows) : nothing) : loading()}
    ${log.rows && log.rows.length > 0 ? html`<div class="row end">${pager(dashboard)}</div>` : nothing}
  </section>`;
}

function table(dashboard: Dashboard, rows: readonly LogSummary[]): TemplateResult {
  return html`<table class="rows">
    <thead>
      <tr>
        <th scope="col">${l10n.t('Time')}</th>
        <th scope="col">${l10n.t('What')}</th>
        <th scope="col" class="wide">${l10n.t('vMCP')}</th>
        <th scope="col" class="wide">${l10n.t('Client')}</th>
        <th scope="col" class="number">${l10n.t('Took')}</th>
        <th scope="col" class="outcome"><span class="word">${l10n.t('Outcome')}</span></th>
      </tr>
    </thead>
    ${repeat(
      rows,
      ({ log_id }) => log_id,
      (row) => logRow(dashboard, row),
    )}
  </table>`;
}

function logRow(dashboard: Dashboard, row: LogSummary): TemplateResult {
  const { records } = dashboard;
  const isOpen = records.open?.log_id === row.log_id;
  const toggle = () => void records.toggle(row.log_id);
  return html`<tbody class=${isOpen ? 'open' : ''}>
    <tr class="summary" @click=${toggle}>
      <td class="time">
        <button
          type="button"
          class="fold"
          aria-expanded=${isOpen ? 'true' : 'false'}
          @click=${(event: Event) => {
            event.stopPropagation(); // the row would fold it again
            toggle();
          }}
        >
          <span class="codicon codicon-chevron-${isOpen ? 'down' : 'right'}" aria-hidden="true"></span>
          <time datetime=${row.timestamp} title=${new Date(row.timestamp).toLocaleString()}
            >${formatTime(row.timestamp, Date.now())}</time
          >
        </button>
      </td>
      <td class="what" title=${row.method}>
        ${row.target ?? ''} ${row.method === 'tools/call' ? nothing : html`<span class="muted">${row.method}</span>`}
      </td>
      <td class="wide">${vmcpName(dashboard, row.vmcp_id)}</td>
      <td class="wide">${row.client_name}</td>
      <td class="number">${formatDuration(row.duration_ms)}</td>
      <td class="outcome">${outcome(row.success)}</td>
    </tr>
    ${
      isOpen
        ? html`<tr class="record">
            <td colspan="6">${logRecord(dashboard, row)}</td>
          </tr>`
        : nothing
    }
  </tbody>`;
}

function pager(dashboard: Dashboard): TemplateResult | typeof nothing {
  const { log } = dashboard;
  if (log.number === 1 && !log.hasOlder) return nothing;
  const go = (which: 'newest' | 'older' | 'newer') => () => void dashboard.showPage(which);
  return html`<nav class="row pager" aria-label=${l10n.t('Pages of the log')}>
    ${
      log.hasNews
        ? html`<button type="button" class="link" @click=${go('newest')}>${l10n.t('New calls: show them')}</button>`
        : nothing
    }
    ${iconButton({
      icon: 'debug-reverse-continue',
      label: l10n.t('Newest'),
      disabled: log.number === 1,
      run: go('newest'),
    })}
    ${iconButton({
      icon: 'chevron-left',
      label: l10n.t('Newer'),
      disabled: log.number === 1,
      run: go('newer'),
    })}
    <span class="muted">${l10n.t('Page {0}', log.number)}</span>
    ${iconButton({
      icon: 'chevron-right',
      label: l10n.t('Older'),
      disabled: !log.hasOlder,
      run: go('older'),
    })}
  </nav>`;
}
