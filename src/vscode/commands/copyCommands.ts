import * as vscode from 'vscode';
import type { Vmcp } from '../../contract/vmcps.ts';
import { commandIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';
import { copyEntry, copyInstallLink } from './exporting/copyEntry.ts';
import { exportVmcp } from './exporting/exportVmcp.ts';
import { chooseUndo } from './exporting/undoExport.ts';
import { pickVmcp } from './pickers.ts';

/** Commands that hand vMCPs to other MCP clients: by the clipboard, or into their files. */
export function copyCommands(context: CommandContext) {
  const { process, inventory } = context;
  const onVmcp = (act: (vmcp: Vmcp) => Promise<void>) => async (node?: unknown) => {
    const vmcp = await pickVmcp(inventory, node);
    if (vmcp) await act(vmcp);
  };
  return {
    [commandIds.copyAddress]: onVmcp(async (vmcp) => {
      const { url } = await process.client.endpoint(vmcp.vmcp_id);
      await vscode.env.clipboard.writeText(await reachable(url));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Address of {0} copied', vmcp.name), 4000);
    }),
    [commandIds.copyLauncherEntry]: onVmcp((vmcp) => copyEntry(context, vmcp)),
    [commandIds.copyInstallLink]: onVmcp((vmcp) => copyInstallLink(context, vmcp)),
    [commandIds.exportVmcp]: onVmcp((vmcp) => exportVmcp(context, vmcp)),
    [commandIds.undoExport]: () => chooseUndo(context),
  };
}

/** Where the server runs on another machine than the window, the address of a tunnel to it. */
export async function reachable(url: string): Promise<string> {
  if (vscode.env.remoteName === undefined) return url;
  return (await vscode.env.asExternalUri(vscode.Uri.parse(url))).toString(true);
}
