import * as vscode from 'vscode';
import { itemNameSchema } from '../../contract/customItems.ts';
import type { ToolOverride } from '../../contract/vmcps.ts';
import type { Node } from '../views/nodes.ts';
import type { CommandContext } from './commandContext.ts';
import { ask, pickVmcp } from './pickers.ts';

/** A tool of a server in a vMCP. */
interface Target {
  vmcpId: string;
  serverId: string;
  tool: string;
}

/** Gives a server's tool another name in one vMCP; its own name takes that back. */
export async function renameTool(context: CommandContext, node: unknown): Promise<void> {
  const target = targetOf(node) ?? (await pickTarget(context, node));
  if (!target) return;
  const { vmcpId, serverId, tool } = target;
  const { mcp_servers } = await context.process.client.vmcp(vmcpId);
  const member = mcp_servers.find(({ server_id }) => server_id === serverId);
  if (!member) return;
  const before = Object.hasOwn(member.overrides, tool) ? member.overrides[tool] : undefined;
  const name = await ask({
    title: vscode.l10n.t('Rename {0}', tool),
    prompt: vscode.l10n.t('MCP clients see it under this name'),
    value: before?.name ?? tool,
    validateInput: (value) => nameProblem(value, tool),
  });
  if (name === undefined) return;
  const { name: _, ...rest } = before ?? {};
  const after: ToolOverride = name === tool ? rest : { ...rest, name };
  await context.edits.edit(vmcpId, (servers) =>
    servers.map((server) =>
      server.server_id === serverId
        ? { ...server, overrides: { ...server.overrides, [tool]: after } }
        : server,
    ),
  );
}

function nameProblem(name: string, tool: string): string | undefined {
  if (name === tool || itemNameSchema.safeParse(name).success) return undefined;
  return vscode.l10n.t('1 to 46 letters, digits, “_” or “-”.');
}

function targetOf(node: unknown): Target | undefined {
  const candidate = node as Node | undefined;
  if (candidate?.type !== 'vmcpPart' || candidate.kind !== 'tools') return undefined;
  const { vmcpId, serverId, key } = candidate;
  return { vmcpId, serverId, tool: key };
}

async function pickTarget(
  { inventory }: CommandContext,
  node: unknown,
): Promise<Target | undefined> {
  // A prompt or a resource, which keep their names.
  if (node !== undefined) return undefined;
  const vmcp = await pickVmcp(inventory, undefined);
  if (!vmcp) return undefined;
  const exposed = [...((await inventory.exposed(vmcp.vmcp_id))?.values() ?? [])];
  const members = new Set(vmcp.mcp_servers.map(({ server_id }) => server_id));
  const items = exposed
    .filter(({ server_id }) => members.has(server_id))
    .map(({ server_id, tool, name, canonical_name }) => {
      return { label: name, description: canonical_name, server_id, tool };
    });
  if (items.length === 0) {
    throw new Error(vscode.l10n.t('“{0}” offers no tool of an MCP server.', vmcp.name));
  }
  const placeHolder = vscode.l10n.t('Choose a tool of {0}', vmcp.name);
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  return chosen && { vmcpId: vmcp.vmcp_id, serverId: chosen.server_id, tool: chosen.tool };
}
