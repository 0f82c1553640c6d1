import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { TrustClient } from '../../serverLink/trustClient.ts';
import { commandIds } from '../ids.ts';
import { signIn } from '../signIn/signIn.ts';
import type { CommandContext } from './commandContext.ts';
import { connectServer } from './connectServer.ts';
import { serverItem } from './pickers.ts';
import { manageSecrets, setSecret } from './secrets/manageSecrets.ts';
import { moveLiteralKeys } from './secrets/moveLiteralKeys.ts';
import { idsOf, selectedNodes, serverIdOf } from './selection.ts';
import { whenConnected } from './whenConnected.ts';

/** Commands on sign-ins at remote servers, and on secrets. */
export function trustCommands(context: CommandContext) {
  const { process, inventory } = context;
  return {
    [commandIds.signIn]: async (node?: unknown) => {
      const server = await pickOne(context, node, canSignIn);
      if (server) await signIn(context, server);
    },
    [commandIds.signOut]: async (node?: unknown) => {
      const server = await pickOne(context, node, ({ signed_in }) => signed_in !== null);
      if (!server) return;
      await new TrustClient(process.client).signOut(server.server_id);
      const { t } = vscode.l10n;
      vscode.window.setStatusBarMessage(t('Signed out of {0}', server.name), 4000);
    },
    [commandIds.manageSecrets]: async () => {
      await whenConnected(process);
      await manageSecrets(context);
    },
    [commandIds.setMissingSecret]: async (node?: unknown) => {
      const [id] = idsOf(selectedNodes(node, undefined), serverIdOf);
      const server = id === undefined ? undefined : inventory.server(id);
      if (server?.needs?.kind !== 'secret') return;
      if (await setSecret(context, server.needs.name)) await connectServer(context, server);
    },
    [commandIds.moveLiteralKeys]: async () => {
      await whenConnected(process);
      await moveLiteralKeys(context, inventory.servers);
    },
  };
}

function canSignIn({ config, auth }: McpServer): boolean {
  return 'url' in config && (auth.type === 'oauth' || auth.type === 'none');
}

/** The server that a command was called on, else one of those that fit. */
async function pickOne(
  { process, inventory }: CommandContext,
  node: unknown,
  fits: (server: McpServer) => boolean,
): Promise<McpServer | undefined> {
  const [id] = idsOf(selectedNodes(node, undefined), serverIdOf);
  if (id !== undefined) return inventory.server(id);
  await whenConnected(process);
  const servers = inventory.servers.filter(fits);
  if (servers.length === 0) {
    throw new Error(vscode.l10n.t('There is no MCP server that this could be done at.'));
  }
  const placeHolder = vscode.l10n.t('Choose an MCP server');
  return (await vscode.window.showQuickPick(servers.map(serverItem), { placeHolder }))?.server;
}
