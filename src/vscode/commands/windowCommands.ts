import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { serverLogPath } from '../../serverLink/startServer.ts';
import { commandIds, pageIds, viewContainerId, walkthroughId } from '../ids.ts';
import { statusText } from '../statusText.ts';
import type { ServerNode } from '../views/nodes.ts';
import { needsAttention } from '../views/serverEntry.ts';
import type { CommandContext } from './commandContext.ts';
import { copyDiagnostics } from './copyDiagnostics.ts';

/** Commands on the server process and on what the window shows of it. */
export function windowCommands(context: CommandContext) {
  const { process, pages, log, dataDir, extensionId } = context;
  return {
    [commandIds.openDashboard]: () => pages.open(pageIds.dashboard, {}),
    [commandIds.openLog]: async () => log.show(true),
    [commandIds.openServerLog]: async () => {
      const file = vscode.Uri.file(serverLogPath(dataDir));
      await vscode.window.showTextDocument(file, { preview: true });
    },
    [commandIds.copyDiagnostics]: () => copyDiagnostics(context),
    [commandIds.restartServer]: async () => {
      const title = vscode.l10n.t('Restarting the vMCP server');
      const location = vscode.ProgressLocation.Window;
      await vscode.window.withProgress({ location, title }, () => process.restart());
    },
    [commandIds.showMenu]: () => showMenu(context),
    [commandIds.openWalkthrough]: async () => {
      const id = `${extensionId}#${walkthroughId}`;
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', id, false);
    },
  };
}

interface MenuItem extends vscode.QuickPickItem {
  /** A command, and the node it is called on. */
  run?: string;
  argument?: ServerNode;
}

const separator: MenuItem = { label: '', kind: vscode.QuickPickItemKind.Separator };

/** What a click on the status bar item offers: first what needs somebody. */
async function showMenu({ process, inventory }: CommandContext): Promise<void> {
  const { t } = vscode.l10n;
  const troubled = inventory.servers.filter(needsAttention);
  const items: MenuItem[] = [
    ...troubled.map(({ server_id, name, status, last_error, needs }) => ({
      label: `$(warning) ${name}`,
      description: last_error ?? status,
      run: helpFor(status, needs),
      argument: { type: 'server', serverId: server_id } satisfies ServerNode,
    })),
    ...(troubled.length > 0 ? [separator] : []),
    {
      label: `$(layers) ${t('Show virtual MCP servers')}`,
      run: `workbench.view.extension.${viewContainerId}`,
    },
    { label: `$(add) ${t('Add MCP server…')}`, run: commandIds.addServer },
    { label: `$(new-folder) ${t('Create virtual MCP server…')}`, run: commandIds.createVmcp },
    { label: `$(link) ${t('Copy address…')}`, run: commandIds.copyAddress },
    { label: `$(mortar-board) ${t('Get started')}`, run: commandIds.openWalkthrough },
    { label: `$(graph) ${t('Open dashboard')}`, run: commandIds.openDashboard },
    { label: `$(output) ${t('Open log')}`, run: commandIds.openLog },
    { label: `$(go-to-file) ${t("Open the server's log")}`, run: commandIds.openServerLog },
    { label: `$(copy) ${t('Copy diagnostics')}`, run: commandIds.copyDiagnostics },
    { label: `$(debug-restart) ${t('Restart the vMCP server')}`, run: commandIds.restartServer },
  ];
  const counts = { vmcps: inventory.vmcps.length, problems: [] };
  const [placeHolder = ''] = statusText(process.state, counts, t).tooltip.split('\n');
  const chosen = await vscode.window.showQuickPick(items, { title: 'vMCP', placeHolder });
  if (chosen?.run) await vscode.commands.executeCommand(chosen.run, chosen.argument);
}

/** The command that helps a server in trouble. */
function helpFor(status: McpServer['status'], needs: McpServer['needs']): string {
  if (needs) return needs.kind === 'sign_in' ? commandIds.signIn : commandIds.setMissingSecret;
  return status === 'error' ? commandIds.showServerOutput : commandIds.editServer;
}
