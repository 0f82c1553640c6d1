import * as vscode from 'vscode';
import type { RestClient } from '../serverLink/restClient.ts';
import type { LinkState } from '../serverLink/serverLink.ts';

interface Link {
  readonly state: LinkState;
  readonly onDidChangeState: (listener: (state: LinkState) => void) => { dispose(): void };
}

/** A server that starts anew is there again within a few seconds. */
const patienceMs = 30_000;

/**
 * The client, as soon as the window is connected: what VS Code restores asks before that.
 * @throws LinkError where there is no server, Error after 30 s
 */
export function connectedClient(link: Link): Promise<RestClient> {
  if (link.state.status === 'connected') return Promise.resolve(link.state.client);
  return new Promise((resolve, reject) => {
    const follow = (state: LinkState) => {
      if (state.status === 'connected') end(() => resolve(state.client));
      if (state.status === 'failed') end(() => reject(state.error));
      if (state.status === 'closed')
        end(() => reject(new Error(vscode.l10n.t('This window is being closed.'))));
    };
    const timer = setTimeout(() => {
      end(() => reject(new Error(vscode.l10n.t('The vMCP server has not started within 30 s.'))));
    }, patienceMs);
    const subscription = link.onDidChangeState(follow);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      subscription.dispose();
      settle();
    };
    follow(link.state);
  });
}
