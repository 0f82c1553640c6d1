import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { StatsOverview } from '../../../src/contract/stats.ts';
import type { Dashboard } from '../dashboard.ts';
import { formatCount } from '../format.ts';
import { serverName, vmcpName } from '../names.ts';
import { figureList } from './figureList.ts';

/** Tools, servers, clients and vMCPs with their figures; each narrows to itself. */
export function figureLists(dashboard: Dashboard, overview: StatsOverview): TemplateResult {
  const { filters } = dashboard;
  return html`${figureList(dashboard, {
    name: 'tools',
    title: l10n.t('Tools'),
    what: l10n.t('Tool'),
    rows: overview.tools.map((each) => ({
      ...each,
      label: each.tool,
      isChosen: filters.tool === each.tool,
      choose: () => dashboard.filter({ tool: filters.tool === each.tool ? '' : each.tool }),
    })),
  })}
  ${figureList(dashboard, {
    name: 'servers',
    title: l10n.t('Servers'),
    what: l10n.t('Server'),
    rows: overview.servers.map((each) => ({
      ...each,
      label: serverName(dashboard, each.server_id),
      isChosen: filters.server_id === each.server_id,
      choose: () => toggle(dashboard, 'server_id', each.server_id),
    })),
  })}
  ${figureList(dashboard, {
    name: 'clients',
    title: l10n.t('Clients'),
    what: l10n.t('Client'),
    rows: overview.clients.map((each) => ({
      ...each,
      label: each.client_name || each.client_id,
      isChosen: filters.client_id === each.client_id,
      choose: () => toggle(dashboard, 'client_id', each.client_id),
    })),
  })}
  ${figureList(dashboard, {
    name: 'vmcps',
    title: l10n.t('Virtual MCP servers'),
    what: l10n.t('vMCP'),
    note: {
      head: l10n.t('Tokens'),
      title: l10n.t('About what its tools take of a model’s context'),
    },
    rows: overview.vmcps.map((each) => ({
      ...each,
      label: vmcpName(dashboard, each.vmcp_id),
      note: tokensOf(dashboard, each.vmcp_id),
      isChosen: filters.vmcp_id === each.vmcp_id,
      choose: () => toggle(dashboard, 'vmcp_id', each.vmcp_id),
    })),
  })}`;
}

function toggle(
  dashboard: Dashboard,
  name: 'server_id' | 'client_id' | 'vmcp_id',
  value: string,
): void {
  dashboard.filter({ [name]: dashboard.filters[name] === value ? '' : value });
}

function tokensOf({ vmcps }: Dashboard, id: string): string {
  const vmcp = vmcps?.find(({ vmcp_id }) => vmcp_id === id);
  return vmcp ? formatCount(vmcp.tokens) : '–';
}
