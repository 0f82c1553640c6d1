import type { JsonObject } from '../../contract/json.ts';
import { type KnownVmcp, vmcpEditorContextSchema } from '../../contract/webview/vmcpEditor.ts';
import { commonActions } from './commonActions.ts';
import type { PageKind } from './pageKind.ts';
import type { PageServices } from './pageServices.ts';

/** The editor of one vMCP. */
export function vmcpEditorPage({ inventory }: PageServices): PageKind<{ vmcp_id: string }> {
  return {
    id: 'vmcpEditor',
    context: vmcpEditorContextSchema,
    title: ({ vmcp_id }) => inventory.vmcp(vmcp_id)?.name ?? 'vMCP',
    known: ({ vmcp_id }) => {
      const vmcp = inventory.vmcp(vmcp_id);
      const known: KnownVmcp | undefined = vmcp && { vmcp, servers: inventory.servers };
      return (known as JsonObject | undefined) ?? null;
    },
    operations: [
      'getVmcp',
      'updateVmcp',
      'getEndpoint',
      'previewTemplate',
      'listServers',
      'getCatalog',
      'connectServer',
    ],
    actions: commonActions,
    follows: (event, { vmcp_id }) =>
      'vmcp_id' in event ? event.vmcp_id === vmcp_id : event.type.startsWith('server.'),
  };
}
