import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';
import { pickVmcp } from './pickers.ts';

/** Commands that put into the clipboard what other MCP clients need. */
export function copyCommands({ process, inventory }: CommandContext) {
  return {
    [commandIds.copyAddress]: async (node?: unknown) => {
      const vmcp = await pickVmcp(inventory, node);
      if (!vmcp) return;
      const { url } = await process.client.endpoint(vmcp.vmcp_id);
      await vscode.env.clipboard.writeText(await reachable(url));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Address of {0} copied', vmcp.name), 4000);
    },
    [commandIds.copyLauncherEntry]: async (node?: unknown) => {
      const vmcp = await pickVmcp(inventory, node);
      if (!vmcp) return;
      const { launcher } = await process.client.endpoint(vmcp.vmcp_id);
      const entry = { mcpServers: { [vmcp.name]: launcher } };
      await vscode.env.clipboard.writeText(JSON.stringify(entry, undefined, 2));
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('Configuration entry of {0} copied', vmcp.name),
        4000,
      );
    },
  };
}

/** Where the server runs on another machine than the window, the address of a tunnel to it. */
async function reachable(url: string): Promise<string> {
  if (vscode.env.remoteName === undefined) return url;
  return (await vscode.env.asExternalUri(vscode.Uri.parse(url))).toString(true);
}
