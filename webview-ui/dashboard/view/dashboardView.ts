import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { banner } from '../../shared/banner.ts';
import { iconButton } from '../../shared/iconButton.ts';
import { linkBanner } from '../../shared/linkBanner.ts';
import { loading } from '../../shared/loading.ts';
import type { Dashboard } from '../dashboard.ts';
import { charts } from './charts.ts';
import { emptyState } from './emptyState.ts';
import { figureLists } from './figureLists.ts';
import { filterBar } from './filterBar.ts';
import { logTable } from './logTable.ts';
import { tiles } from './tiles.ts';
import { unusedList } from './unusedList.ts';

/** The whole dashboard. */
export function dashboardView(dashboard: Dashboard): TemplateResult {
  const { overview, isReading } = dashboard;
  return html`<main class="page dashboard" aria-busy=${isReading || !overview ? 'true' : 'false'}>
    <header class="row">
      <h1 class="grow">${l10n.t('Dashboard')}</h1>
      ${iconButton({
        icon: 'refresh',
        label: l10n.t('Refresh'),
        run: () => void dashboard.readAll(),
      })}
      ${iconButton({
        icon: 'export',
        label: l10n.t('Export the log as CSV or JSON'),
        run: () => void exportLog(dashboard),
      })}
    </header>
    ${messages(dashboard)} ${filterBar(dashboard)}
    ${overview ? content(dashboard) : loading()}
  </main>`;
}

function content(dashboard: Dashboard): TemplateResult {
  const { overview } = dashboard;
  if (!overview) return loading();
  const isEmpty = overview.totals.calls === 0;
  return html`${
    isEmpty ? emptyState(dashboard) : html`${tiles(overview)} ${charts(dashboard, overview)}`
  }
    <div class="lists">
      ${isEmpty ? nothing : figureLists(dashboard, overview)} ${unusedList(dashboard)}
    </div>
    ${isEmpty ? nothing : logTable(dashboard)}`;
}

function messages(dashboard: Dashboard): TemplateResult {
  const { failure, notice, linkStatus, link } = dashboard;
  return html`${linkBanner(linkStatus, link)}
  ${
    failure && linkStatus.status === 'connected'
      ? banner({
          severity: 'error',
          what: failure.error,
          where: failure.detail,
          next: [{ label: l10n.t('Try again'), run: () => void dashboard.readAll() }],
        })
      : nothing
  }
  ${
    notice
      ? banner({
          severity: 'info',
          what: notice.text,
          next: [
            ...(notice.undo ? [{ label: l10n.t('Undo'), run: notice.undo }] : []),
            { label: l10n.t('Dismiss'), run: () => dashboard.dismissNotice() },
          ],
        })
      : nothing
  }`;
}

function exportLog(dashboard: Dashboard): Promise<void> {
  return dashboard.attempt(async () => {
    const filter = Object.fromEntries(
      Object.entries(dashboard.query).map(([name, value]) => [name, String(value)]),
    );
    const saved = await dashboard.link.request('window', 'exportLog', { filter });
    if (typeof saved === 'string') dashboard.say(l10n.t('The log was written to {0}.', saved));
  });
}
