import * as vscode from 'vscode';
import type { Vmcp } from '../../contract/vmcps.ts';
import { commandIds } from '../ids.ts';
import { manageClientTokens } from './clientTokens.ts';
import type { CommandContext } from './commandContext.ts';
import { pickServer, pickVmcp } from './pickers.ts';
import { idsOf, selectedNodes, vmcpIdOf } from './selection.ts';

/** Commands by which the user decides what may be started, listed and reached. */
export function reviewCommands(context: CommandContext) {
  const { inventory, consents, toolChanges } = context;
  const onVmcp = (act: (vmcp: Vmcp) => Promise<void>) => async (node?: unknown) => {
    const vmcp = await pickVmcp(inventory, node);
    if (vmcp) await act(vmcp);
  };
  return {
    [commandIds.allowServer]: async (node?: unknown) => {
      const server = await pickServer(inventory, node);
      if (server) await consents.ask(server.server_id);
    },
    [commandIds.denyServer]: async (node?: unknown) => {
      const server = await pickServer(inventory, node);
      if (server) await consents.answer(server, 'deny');
    },
    [commandIds.reviewToolChanges]: onVmcp((vmcp) => toolChanges.review(vmcp)),
    [commandIds.acceptToolChanges]: onVmcp(async (vmcp) => {
      await toolChanges.accept(vmcp);
      const message = vscode.l10n.t('The tools of {0} are accepted as they are now', vmcp.name);
      vscode.window.setStatusBarMessage(message, 4000);
    }),
    [commandIds.manageAnswers]: onVmcp(async (vmcp) => {
      const { manageConsents } = await import('../questions/openQuestions.ts');
      await manageConsents(context.process.client, vmcp);
    }),
    [commandIds.manageClientTokens]: (node?: unknown) => {
      const [vmcpId] = idsOf(selectedNodes(node, undefined), vmcpIdOf);
      return manageClientTokens(context, vmcpId);
    },
  };
}
