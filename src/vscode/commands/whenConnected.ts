import * as vscode from 'vscode';
import type { ServerProcess } from '../serverProcess.ts';

/** The server takes a second or two to start. */
const mostMs = 20_000;

/**
 * Waits while the server starts, so that a command that is called right after the window has opened
 * works, too. Returns early where there is no server to come: using it says why.
 */
export async function whenConnected(process: ServerProcess): Promise<void> {
  if (isSettled(process)) return;
  const title = vscode.l10n.t('vMCP is starting…');
  const location = vscode.ProgressLocation.Window;
  await vscode.window.withProgress({ location, title }, async () => {
    let stop = () => {};
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, mostMs);
      const listening = process.onDidChangeState(() => {
        if (isSettled(process)) resolve();
      });
      stop = () => {
        clearTimeout(timer);
        listening.dispose();
      };
    });
    stop();
  });
}

function isSettled({ state }: ServerProcess): boolean {
  return state.status === 'connected' || state.status === 'failed';
}
