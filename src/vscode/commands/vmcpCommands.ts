import * as vscode from 'vscode';
import type { Selection, Vmcp } from '../../contract/vmcps.ts';
import { commandIds, pageIds } from '../ids.ts';
import type { Node, VmcpServerNode } from '../views/nodes.ts';
import { type Tick, Ticks } from '../views/ticks.ts';
import { chooseTools } from './chooseTools.ts';
import type { CommandContext } from './commandContext.ts';
import { createVmcp } from './createVmcp.ts';
import { ask, pickServers, pickVmcp } from './pickers.ts';
import { nodeOf, pickItem } from './pickItem.ts';
import { renameTool } from './renameTool.ts';
import { idsOf, selectedNodes, vmcpIdOf } from './selection.ts';
import { takeOut } from './takeOut.ts';
import { deleteUndoably } from './undoable.ts';
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
    [commandIds.deleteVmcp]: (node?: unknown, nodes?: unknown) => remove(context, node, nodes),
    [commandIds.deleteOwnItem]: (node?: unknown, nodes?: unknown) =>
      removeOwnItems(context, node, nodes),
    [commandIds.tick]: (node?: unknown, nodes?: unknown) => tick(context, node, nodes, true),
    [commandIds.untick]: (node?: unknown, nodes?: unknown) => tick(context, node, nodes, false),
    [commandIds.addServersToVmcp]: onVmcp((vmcp) => addServersToVmcp(context, vmcp)),
    [commandIds.removeServerFromVmcp]: (node?: unknown, nodes?: unknown) =>
      removeServers(context, node, nodes),
    [commandIds.chooseTools]: onVmcp((vmcp, node) => chooseTools(context, vmcp, serverNode(node))),
    [commandIds.renameTool]: (node?: unknown) => renameTool(context, node),
    [commandIds.selectEverything]: (node?: unknown, nodes?: unknown) =>
      selectAll(context, selectedNodes(node, nodes), 'all'),
    [commandIds.selectNothing]: (node?: unknown, nodes?: unknown) =>
      selectAll(context, selectedNodes(node, nodes), []),
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

async function removeServers(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const members = selectedNodes(node, nodes).flatMap((one) => serverNode(one) ?? []);
  if (members.length === 0) {
    const vmcp = await pickVmcp(context.inventory, node);
    const serverId = vmcp && (await pickPart(vmcp));
    if (!vmcp || serverId === undefined) return;
    members.push({ type: 'vmcpServer', vmcpId: vmcp.vmcp_id, serverId });
  }
  await takeOut(context, members);
}

async function remove(context: CommandContext, node: unknown, nodes: unknown): Promise<void> {
  const { inventory, process } = context;
  const ids = idsOf(selectedNodes(node, nodes), vmcpIdOf);
  const vmcps = ids.flatMap((id) => inventory.vmcp(id) ?? []);
  const picked = ids.length === 0 ? await pickVmcp(inventory, undefined) : undefined;
  if (picked) vmcps.push(picked);
  const [first] = vmcps;
  if (!first) return;
  const message =
    vmcps.length === 1
      ? vscode.l10n.t('The virtual MCP server “{0}” was deleted.', first.name)
      : vscode.l10n.t('{0} virtual MCP servers were deleted.', vmcps.length);
  const deletions = vmcps.map(
    ({ vmcp_id }) =>
      () =>
        process.client.deleteVmcp(vmcp_id),
  );
  await deleteUndoably(context, message, deletions);
}

async function removeOwnItems(
  context: CommandContext,
  node: unknown,
  nodes: unknown,
): Promise<void> {
  const items = selectedNodes(node, nodes).flatMap((one) => (one.type === 'ownItem' ? [one] : []));
  const picked = items.length === 0 ? await pickItem(context, node) : undefined;
  if (picked) items.push(nodeOf(picked));
  const [first] = items;
  if (!first) return;
  const message =
    items.length === 1
      ? vscode.l10n.t('“{0}” was deleted.', first.name)
      : vscode.l10n.t('{0} items were deleted.', items.length);
  const { client } = context.process;
  const deletions = items.map((one) => () => client.deleteOwnItem(one.vmcpId, one.list, one.name));
  await deleteUndoably(context, message, deletions);
}

/** Only offered on items in the tree. */
async function tick(
  { inventory, edits, log }: CommandContext,
  node: unknown,
  nodes: unknown,
  on: boolean,
): Promise<void> {
  const selected = selectedNodes(node, nodes);
  const ticks = selected.flatMap((one): Tick[] =>
    one.type === 'vmcpPart' || one.type === 'ownItem' ? [[one, on]] : [],
  );
  await new Ticks(inventory, edits, log).write(ticks);
}

async function pickPart(vmcp: Vmcp): Promise<string | undefined> {
  const items = vmcp.mcp_servers.map(({ name, server_id }) => ({ label: name, server_id }));
  const placeHolder = vscode.l10n.t('Choose the MCP server to take out of {0}', vmcp.name);
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.server_id;
}

/** Only offered on a server's part in the tree. */
async function selectAll(
  { edits }: CommandContext,
  nodes: readonly Node[],
  selection: Selection,
): Promise<void> {
  const members = nodes.flatMap((node) => serverNode(node) ?? []);
  for (const vmcpId of idsOf(members, vmcpIdOf)) {
    const ids = new Set(members.flatMap((one) => (one.vmcpId === vmcpId ? [one.serverId] : [])));
    await edits.edit(vmcpId, (servers) =>
      servers.map((server) =>
        ids.has(server.server_id)
          ? { ...server, tools: selection, prompts: selection, resources: selection }
          : server,
      ),
    );
  }
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
