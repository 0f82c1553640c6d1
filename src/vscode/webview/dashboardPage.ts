import * as vscode from 'vscode';
import * as z from 'zod';
import type { JsonObject } from '../../contract/json.ts';
import {
  dashboardContextSchema,
  exportRowsSchema,
  type KnownNames,
  loggedCallSchema,
  switchToolSchema,
} from '../../contract/webview/dashboard.ts';
import { RestError } from '../../serverLink/restError.ts';
import { curlCommand } from '../dashboard/curlCommand.ts';
import { repeatRequest } from '../dashboard/repeatRequest.ts';
import { runAgain } from '../dashboard/runAgain.ts';
import { saveExport } from '../dashboard/saveExport.ts';
import { switchTool } from '../dashboard/switchTool.ts';
import { commandIds } from '../ids.ts';
import { commonActions } from './commonActions.ts';
import { type PageKind, pageAction } from './pageKind.ts';
import type { PageServices } from './pageServices.ts';

/** Statistics and log of everything that was called. */
export function dashboardPage(services: PageServices): PageKind<Record<string, never>> {
  const { process } = services;
  return {
    id: 'dashboard',
    context: dashboardContextSchema,
    title: () => vscode.l10n.t('vMCP dashboard'),
    known: () => {
      const { loaded, vmcps, servers } = services.inventory;
      const known: KnownNames | undefined = loaded ? { vmcps, servers } : undefined;
      return (known as JsonObject | undefined) ?? null;
    },
    operations: [
      ...(['getOverview', 'getLogPage', 'getLogEntry', 'getUnusedTools'] as const),
      ...(['listVmcps', 'listServers'] as const),
    ],
    actions: {
      ...commonActions,
      copyCurl: pageAction(loggedCallSchema, async (logged) => {
        const { state } = process;
        const request = repeatRequest(logged);
        if (typeof request === 'string') throw new RestError(400, 'No curl line', request);
        if (state.status !== 'connected')
          throw new Error(vscode.l10n.t('The vMCP server is not running.'));
        const line = curlCommand(request, `http://127.0.0.1:${state.server.port}`);
        await vscode.env.clipboard.writeText(line);
        return line;
      }),
      runAgain: pageAction(
        loggedCallSchema,
        async (logged) => (await runAgain(services, logged)) as unknown as JsonObject,
      ),
      switchTool: pageAction(switchToolSchema, async (change) => {
        await switchTool(services, change);
        return undefined;
      }),
      exportLog: pageAction(exportRowsSchema, ({ filter }) => saveExport(process.client, filter)),
      createVmcp: pageAction(z.strictObject({}), async () => {
        await vscode.commands.executeCommand(commandIds.createVmcp);
        return undefined;
      }),
    },
    follows: ({ type }) =>
      type === 'activity.recorded' || type.startsWith('vmcp.') || type === 'server.changed',
  };
}
