import * as vscode from 'vscode';
import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import { ownItems } from '../../contract/vmcps.ts';
import type { LoggedCall, RunOutcome } from '../../contract/webview/dashboard.ts';
import { RestError } from '../../serverLink/restError.ts';
import type { PageServices } from '../webview/pageServices.ts';
import { repeatRequest } from './repeatRequest.ts';

/** A tool may run as long as the server lets it. */
const callMs = 15 * 60_000;

/**
 * Does a logged operation again; asks first where it calls a tool that does not say that it only reads.
 * @throws RestError where the server refuses it
 */
export async function runAgain(
  { process, inventory }: Pick<PageServices, 'process' | 'inventory'>,
  logged: LoggedCall,
): Promise<RunOutcome> {
  const request = repeatRequest(logged);
  if (typeof request === 'string') throw new RestError(400, 'Cannot be run again', request);
  if (logged.method === 'tools/call' && !(await onlyReads(inventory, logged))) {
    const run = vscode.l10n.t('Run again');
    const message = vscode.l10n.t('Run “{0}” again with the same arguments?', logged.target ?? '');
    const detail = vscode.l10n.t(
      'The tool does not say that it only reads: it may change something.',
    );
    const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, run);
    if (chosen !== run) return { status: 'declined' };
  }
  const began = performance.now();
  const { method, path, body } = request;
  const result = (await process.client.forward(method, path, {
    ...(body && { body }),
    timeoutMs: callMs,
  })) as JsonValue;
  const duration_ms = Math.round((performance.now() - began) * 10) / 10;
  const success = !(isJsonObject(result) && result.isError === true);
  return { status: 'done', success, result, duration_ms };
}

async function onlyReads(
  inventory: PageServices['inventory'],
  { vmcp_id, target, mcp_server_id }: LoggedCall,
): Promise<boolean> {
  if (mcp_server_id === null) {
    const own = inventory.vmcp(vmcp_id)?.custom_tools;
    const tool = own?.find(({ name }) => `${ownItems}.${name}` === target);
    return tool?.annotations?.readOnlyHint === true;
  }
  const server = inventory.server(mcp_server_id);
  const offer = await inventory.offer(mcp_server_id);
  const tool = offer?.tools.find(({ name }) => `${server?.name}.${name}` === target);
  return isJsonObject(tool?.annotations) && (tool.annotations as JsonObject).readOnlyHint === true;
}
