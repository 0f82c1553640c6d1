import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import type { Inventory } from '../inventory.ts';
import type { Node } from '../views/nodes.ts';
import { serverIcon } from '../views/serverEntry.ts';

/** The server that a command was called on, else the one that the user picks; undefined: none. */
export async function pickServer(
  inventory: Inventory,
  node: unknown,
): Promise<McpServer | undefined> {
  const id = serverIdOf(node as Node | undefined);
  if (id !== undefined) return inventory.server(id);
  if (inventory.servers.length === 0) {
    throw new Error(vscode.l10n.t('There is no MCP server yet. Add one first.'));
  }
  const items = inventory.servers.map(serverItem);
  const placeHolder = vscode.l10n.t('Choose an MCP server');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.server;
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
  const id = vmcpIdOf(node as Node | undefined);
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
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.vmcp;
}

/** One question in the input box; undefined where the user gave up. */
export function ask(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({ ignoreFocusOut: true, ...options });
}

/** Asks before something is gone for good. */
export async function confirm(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, action)) === action;
}

/** A server in a list. */
export function serverItem(server: McpServer) {
  const description = server.description || server.transport_type;
  return { label: `$(${serverIcon(server).icon}) ${server.name}`, description, server };
}

function serverIdOf(node: Node | undefined): string | undefined {
  switch (node?.type) {
    case 'server':
      return node.server.server_id;
    case 'vmcpServer':
      return node.part.server_id;
    default:
      return undefined;
  }
}

function vmcpIdOf(node: Node | undefined): string | undefined {
  return node && 'vmcp' in node ? node.vmcp.vmcp_id : undefined;
}
