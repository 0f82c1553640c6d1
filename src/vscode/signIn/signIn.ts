import * as vscode from 'vscode';
import type { McpServer } from '../../contract/servers.ts';
import { TrustClient } from '../../serverLink/trustClient.ts';
import type { Inventory } from '../inventory.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { returnAddress } from './returnAddress.ts';

/** A link can be followed this long. */
const patienceMs = 10 * 60_000;

export interface SignInContext {
  process: ServerProcess;
  inventory: Inventory;
  extensionId: string;
}

/** Opens the browser at the server's sign-in, and waits with progress until the user is back or gives up. */
export async function signIn(context: SignInContext, server: McpServer): Promise<void> {
  const { t } = vscode.l10n;
  const location = vscode.ProgressLocation.Notification;
  const title = t('Signing in at {0}', server.name);
  await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const link = await prepare(context, server, abort.signal).catch((error: unknown) => {
        if (abort.signal.aborted) return undefined;
        throw error;
      });
      if (link === undefined || abort.signal.aborted) return;
      const isBack = awaitSignIn(context.inventory, server, abort.signal);
      if (await openLink(link)) {
        progress.report({ message: t('go on in the browser') });
        await isBack;
      }
      abort.abort();
      await isBack;
    },
  );
}

/**
 * As a text: a `Uri` decodes what stands encoded in a query, such as an address of return with a query of
 * its own, and cannot be made to keep it. VS Code takes both.
 */
function openLink(link: string): Thenable<boolean> {
  return vscode.env.openExternal(link as unknown as vscode.Uri);
}

async function prepare(
  { process, extensionId }: SignInContext,
  { server_id }: McpServer,
  signal: AbortSignal,
): Promise<string> {
  const port = process.server?.port;
  const redirect = port === undefined ? undefined : await returnAddress(port, extensionId);
  return new TrustClient(process.client).signIn(server_id, redirect, signal);
}

/** Resolves when the sign-in of a server is another one than now, when it has gone, and when nobody waits. */
function awaitSignIn(inventory: Inventory, { server_id }: McpServer, signal: AbortSignal) {
  const before = JSON.stringify(inventory.server(server_id)?.signed_in);
  return new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      following.dispose();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, patienceMs);
    signal.addEventListener('abort', end);
    const following = inventory.onDidChange(() => {
      const now = inventory.server(server_id);
      const isOther = now?.signed_in && JSON.stringify(now.signed_in) !== before;
      if (!now || isOther) end();
    });
  });
}
