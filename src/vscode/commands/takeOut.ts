import * as vscode from 'vscode';
import type { VmcpServer } from '../../contract/vmcps.ts';
import { restoreServers } from '../memberEdits.ts';
import type { VmcpServerNode } from '../views/nodes.ts';
import type { CommandContext } from './commandContext.ts';
import { idsOf, vmcpIdOf } from './selection.ts';
import { offerUndo } from './undoable.ts';

/** Takes servers out of vMCPs, and offers to put them back with all that was chosen of them there. */
export async function takeOut(
  { inventory, edits }: CommandContext,
  members: readonly VmcpServerNode[],
): Promise<void> {
  const taken = new Map<string, VmcpServer[]>();
  for (const vmcpId of idsOf(members, vmcpIdOf)) {
    const ids = new Set(members.flatMap((one) => (one.vmcpId === vmcpId ? [one.serverId] : [])));
    await edits.edit(vmcpId, (servers) => {
      taken.set(
        vmcpId,
        servers.filter(({ server_id }) => ids.has(server_id)),
      );
      return servers.filter(({ server_id }) => !ids.has(server_id));
    });
  }
  const [vmcpId = '', [first] = []] = [...taken][0] ?? [];
  const message =
    members.length === 1
      ? vscode.l10n.t(
          '“{0}” was taken out of {1}.',
          first?.name ?? '',
          inventory.vmcp(vmcpId)?.name ?? '',
        )
      : vscode.l10n.t('{0} MCP servers were taken out of virtual MCP servers.', members.length);
  await offerUndo(message, async () => {
    for (const [id, servers] of taken) {
      await edits.edit(id, (present) => restoreServers(present, servers));
    }
  });
}
