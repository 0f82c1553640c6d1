import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { commandIds } from '../ids.ts';
import { addServers } from './addServer.ts';
import type { CommandContext } from './commandContext.ts';
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
    [commandIds.addServer]: async () => {
      for (const server of await addServers(context)) await connect(context, server);
    },
    [commandIds.editServer]: onServer((server) => editServer(context, server)),
    [commandIds.removeServer]: onServer((server) => remove(context, server)),
    [commandIds.enableServer]: onServer(async ({ server_id }) => {
      await process.client.updateServer(server_id, { enabled: true });
    }),
    [commandIds.disableServer]: onServer(async ({ server_id }) => {
      await process.client.updateServer(server_id, { enabled: false });
    }),
    [commandIds.connectServer]: onServer((server) => connect(context, server)),
    [commandIds.disconnectServer]: onServer(({ server_id }) =>
      process.client.disconnectServer(server_id),
    ),
    [commandIds.reconnectServer]: onServer(async (server) => {
      await process.client.disconnectServer(server.server_id);
      await connect(context, server);
    }),
    [commandIds.showServerOutput]: onServer(({ server_id }) => outputs.show(server_id)),
  };
}

async function remove({ process }: CommandContext, server: McpServer): Promise<void> {
  const sure = await confirm(
    vscode.l10n.t('Remove the MCP server “{0}”?', server.name),
    vscode.l10n.t('It is taken out of every virtual MCP server, too.'),
    vscode.l10n.t('Remove'),
  );
  if (sure) await process.client.deleteServer(server.server_id);
}

/** Connects with progress in the window; a failure offers what helps to find its cause. */
async function connect(context: CommandContext, server: McpServer): Promise<void> {
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Connecting to {0}', server.name),
    cancellable: true,
  };
  const failure = await vscode.window.withProgress(progress, async (_, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    try {
      await context.process.client.connectServer(server.server_id, abort.signal);
      return undefined;
    } catch (error) {
      return abort.signal.aborted ? undefined : messageOf(error);
    }
  });
  if (failure === undefined) return;
  const showOutput = vscode.l10n.t('Show output');
  const edit = vscode.l10n.t('Edit');
  const actions = server.transport_type === 'stdio' ? [showOutput, edit] : [edit];
  const chosen = await vscode.window.showErrorMessage(failure, ...actions);
  if (chosen === showOutput) await context.outputs.show(server.server_id);
  if (chosen === edit) await editServer(context, server);
}
