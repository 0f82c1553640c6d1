import * as vscode from 'vscode';
import type { JsonObject } from '../../contract/json.ts';
import { type KnownVmcp, vmcpEditorContextSchema } from '../../contract/webview/vmcpEditor.ts';
import { commandIds } from '../ids.ts';
import type { Node } from '../views/nodes.ts';
import { commonActions } from './commonActions.ts';
import { type PageKind, pageAction } from './pageKind.ts';
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
    actions: {
      ...commonActions,
      exportVmcp: pageAction(vmcpEditorContextSchema, async ({ vmcp_id }) => {
        const node: Node = { type: 'vmcp', vmcpId: vmcp_id };
        await vscode.commands.executeCommand(commandIds.exportVmcp, node);
        return undefined;
      }),
    },
    follows: (event, { vmcp_id }) =>
      'vmcp_id' in event ? event.vmcp_id === vmcp_id : event.type.startsWith('server.'),
  };
}
