import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { commandIds } from '../ids.ts';
import { addServers } from './adding/addServers.ts';
import { browseRegistry } from './adding/browseRegistry.ts';
import { importFromClients } from './adding/importFromClients.ts';
import type { CommandContext } from './commandContext.ts';
import { connectServer, connectServers } from './connectServer.ts';
import { editServer } from './editServer.ts';
import { confirm, pickServer } from './pickers.ts';

/** Commands on MCP servers. */
export function serverCommands(context: CommandContext) {
  const { process, inventory, outputs } = context;
  const onServer = (act: (server: McpServer) => Promise<void>) => async (node?: unknown) => {
    const server = await pickServer(inventory, node);
    if (server) await act(server);
  };
  return {
    [commandIds.addServer]: () => begin(context, addServers),
    [commandIds.importServers]: () => begin(context, importFromClients),
    [commandIds.browseRegistry]: () => begin(context, browseRegistry),
    [commandIds.editServer]: onServer((server) => editServer(context, server)),
    [commandIds.removeServer]: onServer((server) => remove(context, server)),
    [commandIds.enableServer]: onServer(async ({ server_id }) => {
      await process.client.updateServer(server_id, { enabled: true });
    }),
    [commandIds.disableServer]: onServer(async ({ server_id }) => {
      await process.client.updateServer(server_id, { enabled: false });
    }),
    [commandIds.connectServer]: onServer((server) => connectServer(context, server)),
    [commandIds.disconnectServer]: onServer(({ server_id }) =>
      process.client.disconnectServer(server_id),
    ),
    [commandIds.reconnectServer]: onServer(async (server) => {
      await process.client.disconnectServer(server.server_id);
      await connectServer(context, server);
    }),
    [commandIds.showServerOutput]: onServer(({ server_id }) => outputs.show(server_id)),
  };
}

/** Adds servers in one of the ways, then connects them. */
async function begin(
  context: CommandContext,
  add: (context: CommandContext) => Promise<McpServer[]>,
): Promise<void> {
  const added = await add(context);
  const enabled = added.filter((server) => server.enabled);
  if (enabled.length > 0) await connectServers(context, enabled);
  if (added.length < 2) return;
  const create = vscode.l10n.t('Create virtual MCP server');
  const message = vscode.l10n.t('{0} MCP servers were added.', added.length);
  const chosen = await vscode.window.showInformationMessage(message, create);
  if (chosen === create) await vscode.commands.executeCommand(commandIds.createVmcp);
}

async function remove({ process }: CommandContext, server: McpServer): Promise<void> {
  const sure = await confirm(
    vscode.l10n.t('Remove the MCP server “{0}”?', server.name),
    vscode.l10n.t('It is taken out of every virtual MCP server, too.'),
    vscode.l10n.t('Remove'),
  );
  if (sure) await process.client.deleteServer(server.server_id);
}
