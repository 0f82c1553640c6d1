import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { commandIds } from '../ids.ts';
import { addServers } from './adding/addServers.ts';
import { browseRegistry } from './adding/browseRegistry.ts';
import { importFromClients } from './adding/importFromClients.ts';
import type { CommandContext } from './commandContext.ts';
import { connectServer, connectServers } from './connectServer.ts';
import { editServer, renameServer } from './editServer.ts';
import { pickServer } from './pickers.ts';
import { offerToMoveKeys } from './secrets/moveLiteralKeys.ts';
import { idsOf, selectedNodes, serverIdOf } from './selection.ts';
import { deleteUndoably } from './undoable.ts';
import { whenConnected } from './whenConnected.ts';

/** Commands on MCP servers. */
export function serverCommands(context: CommandContext) {
  const { process, inventory, outputs } = context;
  const onServer = (act: (server: McpServer) => Promise<void>) => async (node?: unknown) => {
    const server = await pickServer(inventory, node);
    if (server) await act(server);
  };
  /** All selected ones, side by side. */
  const onServers =
    (act: (server: McpServer) => Promise<unknown>) => async (node?: unknown, nodes?: unknown) => {
      await Promise.all((await chosen(context, node, nodes)).map(act));
    };
  return {
    [commandIds.addServer]: () => begin(context, addServers),
    [commandIds.importServers]: () => begin(context, importFromClients),
    [commandIds.browseRegistry]: () => begin(context, browseRegistry),
    [commandIds.editServer]: onServer((server) => editServer(context, server)),
    [commandIds.renameServer]: onServer((server) => renameServer(context, server)),
    [commandIds.removeServer]: async (node?: unknown, nodes?: unknown) => {
      await remove(context, await chosen(context, node, nodes));
    },
    [commandIds.enableServer]: onServers(({ server_id }) =>
      process.client.updateServer(server_id, { enabled: true }),
    ),
    [commandIds.disableServer]: onServers(({ server_id }) =>
      process.client.updateServer(server_id, { enabled: false }),
    ),
    [commandIds.connectServer]: async (node?: unknown, nodes?: unknown) => {
      await connectServers(context, await chosen(context, node, nodes));
    },
    [commandIds.disconnectServer]: onServers(({ server_id }) =>
      process.client.disconnectServer(server_id),
    ),
    [commandIds.reconnectServer]: onServers(async (server) => {
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
  await whenConnected(context.process);
  const added = await add(context);
  const enabled = added.filter((server) => server.enabled);
  if (enabled.length > 0) await connectServers(context, enabled);
  offerToMoveKeys(context, added).catch((error: unknown) => context.log.error(messageOf(error)));
  if (added.length < 2) return;
  const create = vscode.l10n.t('Create virtual MCP server');
  const message = vscode.l10n.t('{0} MCP servers were added.', added.length);
  const chosen = await vscode.window.showInformationMessage(message, create);
  if (chosen === create) await vscode.commands.executeCommand(commandIds.createVmcp);
}

async function chosen(
  { inventory }: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<McpServer[]> {
  const selected = idsOf(selectedNodes(node, nodes), serverIdOf);
  if (selected.length > 0) return selected.flatMap((id) => inventory.server(id) ?? []);
  const server = await pickServer(inventory, undefined);
  return server ? [server] : [];
}

async function remove(context: CommandContext, servers: readonly McpServer[]): Promise<void> {
  const [first] = servers;
  if (!first) return;
  const message =
    servers.length === 1
      ? vscode.l10n.t('The MCP server “{0}” was removed, also from every vMCP.', first.name)
      : vscode.l10n.t('{0} MCP servers were removed, also from every vMCP.', servers.length);
  await deleteUndoably(
    context,
    message,
    servers.map(
      ({ server_id }) =>
        () =>
          context.process.client.deleteServer(server_id),
    ),
  );
}
