import * as vscode from 'vscode';
import { type CommandId, commandIds } from '../ids.ts';
import type { Node } from '../views/nodes.ts';
import type { CommandContext } from './commandContext.ts';

/** What F2 does on an item. */
const renaming: Partial<Record<Node['type'], CommandId>> = {
  vmcp: commandIds.renameVmcp,
  vmcpServer: commandIds.renameServer,
  vmcpPart: commandIds.renameTool,
  ownItem: commandIds.renameItem,
  server: commandIds.renameServer,
};

/** What the delete key does on an item. */
const deleting: Partial<Record<Node['type'], CommandId>> = {
  vmcp: commandIds.deleteVmcp,
  vmcpServer: commandIds.removeServerFromVmcp,
  ownItem: commandIds.deleteOwnItem,
  server: commandIds.removeServer,
};

/** Commands of keys, which act on what is selected in the view that they are called with. */
export function keyCommands({ selection }: CommandContext) {
  const onSelected = (commands: typeof renaming) => async (viewId?: unknown) => {
    const nodes = selection.in(String(viewId));
    const [node] = nodes;
    const command = node && commands[node.type];
    if (!command) return;
    const same = nodes.filter(({ type }) => type === node.type);
    await vscode.commands.executeCommand(command, node, same);
  };
  return {
    [commandIds.renameSelected]: onSelected(renaming),
    [commandIds.deleteSelected]: onSelected(deleting),
  };
}
