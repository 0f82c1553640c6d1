import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { viewIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';
import { editServer } from './editServer.ts';

/** Connects with progress in the window; a failure offers what helps to find its cause. */
export async function connectServer(context: CommandContext, server: McpServer): Promise<void> {
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Connecting to {0}', server.name),
    cancellable: true,
  };
  const failure = await withProgress(progress, async (_, token) => {
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
  const now = await context.process.client.mcpServer(server.server_id);
  if (now.needs) return context.needs.ask(now);
  const showOutput = vscode.l10n.t('Show output');
  const edit = vscode.l10n.t('Edit');
  const actions = server.transport_type === 'stdio' ? [showOutput, edit] : [edit];
  const chosen = await vscode.window.showErrorMessage(failure, ...actions);
  if (chosen === showOutput) await context.outputs.show(server.server_id);
  if (chosen === edit) await editServer(context, server);
}

/** Shows progress where it can be cancelled, and in the view that shows the outcome. */
function withProgress<T>(
  options: vscode.ProgressOptions,
  task: (
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ) => Promise<T>,
): Thenable<T> {
  const running = vscode.window.withProgress(options, task);
  const inView = { location: { viewId: viewIds.servers } };
  // Its failure is the caller's.
  void vscode.window.withProgress(inView, () => running.then(undefined, () => undefined));
  return running;
}

/** Connects several at once; those that fail show it in the view. */
export async function connectServers(
  context: CommandContext,
  servers: readonly McpServer[],
): Promise<void> {
  const [only] = servers;
  if (servers.length === 1 && only) return connectServer(context, only);
  const title = vscode.l10n.t('Connecting to {0} MCP servers', servers.length);
  const location = vscode.ProgressLocation.Notification;
  const options = { location, title, cancellable: true };
  await withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const increment = 100 / servers.length;
    const connecting = servers.map(async ({ server_id, name }) => {
      try {
        await context.process.client.connectServer(server_id, abort.signal);
      } catch (error) {
        context.log.warn(`server=${name} ${messageOf(error)}`);
      }
      progress.report({ increment, message: name });
    });
    await Promise.all(connecting);
  });
}
