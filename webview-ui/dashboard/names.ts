import * as l10n from '@vscode/l10n';
import type { Dashboard } from './dashboard.ts';

/** In place of a server's id: a vMCP's own tools. */
const ownItems = 'vmcp';

/** A vMCP's name; of a deleted one its id. */
export function vmcpName({ vmcps }: Pick<Dashboard, 'vmcps'>, id: string): string {
  return vmcps?.find(({ vmcp_id }) => vmcp_id === id)?.name ?? id;
}

/** A server's name; of a deleted one its id. */
export function serverName({ servers }: Pick<Dashboard, 'servers'>, id: string): string {
  if (id === ownItems) return l10n.t('Own tools');
  return servers.find(({ server_id }) => server_id === id)?.name ?? id;
}
