import { vmcpEditorContextSchema } from '../../contract/webview/vmcpEditor.ts';
import { commonActions } from './commonActions.ts';
import type { PageKind } from './pageKind.ts';
import type { PageServices } from './pageServices.ts';

/** The editor of one vMCP. */
export function vmcpEditorPage({ inventory }: PageServices): PageKind<{ vmcp_id: string }> {
  return {
    id: 'vmcpEditor',
    context: vmcpEditorContextSchema,
    title: ({ vmcp_id }) => inventory.vmcp(vmcp_id)?.name ?? 'vMCP',
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
