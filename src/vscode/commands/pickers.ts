import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import type { Inventory } from '../inventory.ts';
import type { Node } from '../views/nodes.ts';
import { serverIcon } from '../views/serverEntry.ts';
import { idsOf, selectedNodes, serverIdOf, vmcpIdOf } from './selection.ts';

/** The server that a command was called on, else the one that the user picks; undefined: none. */
export async function pickServer(
  inventory: Inventory,
  node: unknown,
): Promise<McpServer | undefined> {
  const id = firstOf(node, serverIdOf);
  if (id !== undefined) return inventory.server(id);
  if (inventory.servers.length === 0) {
    throw new Error(vscode.l10n.t('There is no MCP server yet. Add one first.'));
  }
  const items = inventory.servers.map(serverItem);
  const placeHolder = vscode.l10n.t('Choose an MCP server');
  return (await vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }))?.server;
}

/** Several servers; undefined where the user gave up. */
export async function pickServers(
  servers: readonly McpServer[],
  title: string,
): Promise<McpServer[] | undefined> {
  const items = servers.map((server) => ({ ...serverItem(server), picked: servers.length === 1 }));
  const placeHolder = vscode.l10n.t('Choose the MCP servers whose tools it offers');
  const options = { title, placeHolder, canPickMany: true, ignoreFocusOut: true } as const;
  return (await vscode.window.showQuickPick(items, options))?.map(({ server }) => server);
}

/** The vMCP that a command was called on, else the one that the user picks; undefined: none. */
export async function pickVmcp(inventory: Inventory, node: unknown): Promise<Vmcp | undefined> {
  const id = firstOf(node, vmcpIdOf);
  if (id !== undefined) return inventory.vmcp(id);
  if (inventory.vmcps.length === 0) {
    throw new Error(vscode.l10n.t('There is no virtual MCP server yet. Create one first.'));
  }
  const items = inventory.vmcps.map((vmcp) => ({
    label: `$(layers) ${vmcp.name}`,
    description: vmcp.description,
    vmcp,
  }));
  const placeHolder = vscode.l10n.t('Choose a virtual MCP server');
  return (await vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }))?.vmcp;
}

/** One question in the input box; undefined where the user gave up. */
export function ask(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({ ignoreFocusOut: true, ...options });
}

/** A server in a list. */
export function serverItem(server: McpServer) {
  const description = server.description || server.transport_type;
  return { label: `$(${serverIcon(server).icon}) ${server.name}`, description, server };
}

function firstOf(node: unknown, idOf: (node: Node) => string | undefined): string | undefined {
  return idsOf(selectedNodes(node, undefined), idOf)[0];
}
