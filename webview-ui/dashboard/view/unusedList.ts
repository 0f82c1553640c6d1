import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { UnusedTools } from '../../../src/contract/stats.ts';
import type { Dashboard } from '../dashboard.ts';
import { formatCount } from '../format.ts';
import { vmcpName } from '../names.ts';
import { firstRows, moreButton } from './figureList.ts';

type UnusedTool = UnusedTools['tools'][number];

/** Tools that clients see and nobody called: they take room in every model's context. */
export function unusedList(dashboard: Dashboard): TemplateResult | typeof nothing {
  const { unused, filters } = dashboard;
  if (!unused || unused.length === 0) return nothing;
  const fitting = unused.filter(
    (tool) =>
      (filters.vmcp_id === '' || tool.vmcp_id === filters.vmcp_id) &&
      (filters.server_id === '' || tool.server_id === filters.server_id),
  );
  if (fitting.length === 0) return nothing;
  const { all } = dashboard.listState('unused');
  const shown = all ? fitting : fitting.slice(0, firstRows);
  return html`<section class="list unused">
    <h2>${l10n.t('Never used')} <span class="badge">${formatCount(fitting.length)}</span></h2>
    <p class="muted">${l10n.t(
      'Listed to every client, never called. Switched off, they leave room in the model’s context.',
    )}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">${l10n.t('Tool')}</th>
          <th scope="col">${l10n.t('vMCP')}</th>
          <th scope="col">${l10n.t('Since')}</th>
          <th scope="col"><span class="unseen">${l10n.t('Switch off')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${shown.map((tool) => unusedRow(dashboard, tool))}
      </tbody>
    </table>
    ${moreButton(dashboard, 'unused', fitting.length)}
  </section>`;
}

function unusedRow(dashboard: Dashboard, tool: UnusedTool): TemplateResult {
  const vmcp = vmcpName(dashboard, tool.vmcp_id);
  const since = new Date(tool.since);
  return html`<tr>
    <th scope="row" class="name">${tool.tool}</th>
    <td>${vmcp}</td>
    <td title=${since.toLocaleString()}>${since.toLocaleDateString()}</td>
    <td class="number">
      <button
        type="button"
        class="link"
        aria-label=${l10n.t('Switch off {0} in {1}', tool.tool, vmcp)}
        @click=${() =>
          void dashboard.switchOff(
            tool,
            l10n.t('{0} is switched off in {1}: clients no longer see it.', tool.tool, vmcp),
          )}
      >
        ${l10n.t('Switch off')}
      </button>
    </td>
  </tr>`;
}
