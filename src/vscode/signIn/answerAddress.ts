import * as vscode from 'vscode';
import { messageOf } from '../../serverLink/linkError.ts';
import { connectedClient } from '../connectedClient.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { answerPath } from './returnAddress.ts';

/** Hands over what browsers bring back to VS Code's own address; the state in it is the proof. */
export function takeAnswers(
  process: ServerProcess,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: async ({ path, query }) => {
      if (path !== answerPath) return;
      try {
        const { TrustClient } = await import('../../serverLink/trustClient.ts');
        const client = new TrustClient(await connectedClient(process));
        if (await client.answerSignIn(query)) return;
        const message = vscode.l10n.t('The sign-in failed. The log of the server says why.');
        void vscode.window.showWarningMessage(message);
      } catch (error) {
        log.error(`sign-in ${messageOf(error)}`);
      }
    },
  });
}
