import * as vscode from 'vscode';
import type { Selection, Vmcp } from '../../contract/vmcps.ts';
import { commandIds, pageIds } from '../ids.ts';
import type { Node, VmcpServerNode } from '../views/nodes.ts';
import { chooseTools } from './chooseTools.ts';
import type { CommandContext } from './commandContext.ts';
import { createVmcp } from './createVmcp.ts';
import { ask, confirm, pickServers, pickVmcp } from './pickers.ts';
import { validateName } from './validateName.ts';

/** Commands on vMCPs. */
export function vmcpCommands(context: CommandContext) {
  const { inventory, process } = context;
  const onVmcp = (act: (vmcp: Vmcp, node: unknown) => Promise<void>) => async (node?: unknown) => {
    const vmcp = await pickVmcp(inventory, node);
    if (vmcp) await act(vmcp, node);
  };
  return {
    [commandIds.createVmcp]: () => createVmcp(context),
    [commandIds.editVmcp]: onVmcp(({ vmcp_id }) =>
      context.pages.open(pageIds.vmcpEditor, { vmcp_id }),
    ),
    [commandIds.renameVmcp]: onVmcp(async (vmcp) => {
      const name = await askForName(context, vscode.l10n.t('Rename virtual MCP server'), vmcp.name);
      if (name !== undefined) await process.client.updateVmcp(vmcp.vmcp_id, { name });
    }),
    [commandIds.deleteVmcp]: onVmcp(async (vmcp) => {
      const sure = await confirm(
        vscode.l10n.t('Delete the virtual MCP server “{0}”?', vmcp.name),
        vscode.l10n.t('Its MCP servers stay.'),
        vscode.l10n.t('Delete'),
      );
      if (sure) await process.client.deleteVmcp(vmcp.vmcp_id);
    }),
    [commandIds.addServersToVmcp]: onVmcp((vmcp) => addServersToVmcp(context, vmcp)),
    [commandIds.removeServerFromVmcp]: onVmcp((vmcp, node) => removeServer(context, vmcp, node)),
    [commandIds.chooseTools]: onVmcp((vmcp, node) => chooseTools(context, vmcp, serverNode(node))),
    [commandIds.selectEverything]: (node?: unknown) => selectAll(context, node, 'all'),
    [commandIds.selectNothing]: (node?: unknown) => selectAll(context, node, []),
  };
}

async function addServersToVmcp(context: CommandContext, vmcp: Vmcp): Promise<void> {
  const present = new Set(vmcp.mcp_servers.map(({ server_id }) => server_id));
  const absent = context.inventory.servers.filter(({ server_id }) => !present.has(server_id));
  if (absent.length === 0) {
    const addServer = vscode.l10n.t('Add MCP server');
    const message = vscode.l10n.t('“{0}” holds every MCP server already.', vmcp.name);
    const chosen = await vscode.window.showInformationMessage(message, addServer);
    if (chosen === addServer) await vscode.commands.executeCommand(commandIds.addServer);
    return;
  }
  const servers = await pickServers(absent, vscode.l10n.t('Add MCP servers to {0}', vmcp.name));
  if (!servers || servers.length === 0) return;
  await context.edits.edit(vmcp.vmcp_id, (before) => {
    const last = Math.max(0, ...before.map(({ priority }) => priority));
    const added = servers.map(({ server_id }, i) => ({ server_id, priority: last + 1 + i }));
    return [...before, ...added];
  });
}

async function removeServer(context: CommandContext, vmcp: Vmcp, node: unknown): Promise<void> {
  const id = serverNode(node)?.part.server_id ?? (await pickPart(vmcp));
  if (id === undefined) return;
  await context.edits.edit(vmcp.vmcp_id, (servers) =>
    servers.filter(({ server_id }) => server_id !== id),
  );
}

async function pickPart(vmcp: Vmcp): Promise<string | undefined> {
  const items = vmcp.mcp_servers.map(({ name, server_id }) => ({ label: name, server_id }));
  const placeHolder = vscode.l10n.t('Choose the MCP server to take out of {0}', vmcp.name);
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.server_id;
}

/** Only offered on a server's part in the tree. */
async function selectAll(
  { edits }: CommandContext,
  node: unknown,
  selection: Selection,
): Promise<void> {
  const target = serverNode(node);
  if (!target) return;
  await edits.edit(target.vmcp.vmcp_id, (servers) =>
    servers.map((server) =>
      server.server_id === target.part.server_id
        ? { ...server, tools: selection, prompts: selection, resources: selection }
        : server,
    ),
  );
}

async function askForName(
  { inventory }: CommandContext,
  title: string,
  current: string,
): Promise<string | undefined> {
  const taken = inventory.vmcps.map(({ name }) => name).filter((name) => name !== current);
  const name = await ask({
    title,
    prompt: vscode.l10n.t('MCP clients see it under this name'),
    value: current,
    validateInput: (value) => validateName(value.trim(), taken, vscode.l10n.t),
  });
  return name?.trim();
}

function serverNode(node: unknown): VmcpServerNode | undefined {
  const candidate = node as Node | undefined;
  return candidate?.type === 'vmcpServer' ? candidate : undefined;
}
