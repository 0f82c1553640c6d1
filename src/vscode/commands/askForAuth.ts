import * as vscode from 'vscode';
import type { ServerAuth } from '../../contract/servers.ts';
import { ask } from './pickers.ts';

/**
 * Asks for a kind of authorization and its values; undefined where the user gave up.
 * @param port of the server, where browsers come back to with answers for the user's own clients
 */
export async function askForAuth(
  title: string,
  port: number | undefined,
): Promise<ServerAuth | undefined> {
  const { t } = vscode.l10n;
  const kinds: (vscode.QuickPickItem & { ask: () => Promise<ServerAuth | undefined> })[] = [
    {
      label: t('None'),
      detail: t('The server may still ask you to sign in.'),
      ask: async () => ({ type: 'none' }),
    },
    {
      label: t('OAuth (sign in)'),
      detail: t('With the browser, at whom the server trusts.'),
      ask: () => askForOAuth(title, port),
    },
    {
      label: t('Bearer token'),
      ask: async () => {
        const token = await secret(title, t('Token'));
        return token ? { type: 'bearer', token } : undefined;
      },
    },
    {
      label: t('API key'),
      ask: async () => {
        const name = await ask({ title, prompt: t('Name of the header'), value: 'X-API-Key' });
        const key = name && (await secret(title, t('Key')));
        return name && key ? { type: 'api_key', key, name, in: 'header' } : undefined;
      },
    },
    {
      label: t('User name and password'),
      ask: async () => {
        const username = await ask({ title, prompt: t('User name') });
        const password = username && (await secret(title, t('Password')));
        return username && password ? { type: 'basic', username, password } : undefined;
      },
    },
  ];
  return (await vscode.window.showQuickPick(kinds, { title }))?.ask();
}

async function askForOAuth(
  title: string,
  port: number | undefined,
): Promise<ServerAuth | undefined> {
  const { t } = vscode.l10n;
  const redirect = `http://127.0.0.1:${port ?? '…'}/oauth/callback`;
  const clientPrompt = t(
    'Client id, where you registered one with the return address {0}; empty: vMCP registers itself',
    redirect,
  );
  const clientId = await ask({ title, prompt: clientPrompt });
  if (clientId === undefined) return undefined;
  const secretPrompt = t('Client secret; may be empty');
  const clientSecret = clientId === '' ? '' : await secret(title, secretPrompt);
  if (clientSecret === undefined) return undefined;
  const scope = await ask({
    title,
    prompt: t('Scopes, separated by spaces; empty: what the server asks for'),
  });
  if (scope === undefined) return undefined;
  return {
    type: 'oauth',
    ...(clientId.trim() !== '' && { client_id: clientId.trim() }),
    ...(clientSecret !== '' && { client_secret: clientSecret }),
    ...(scope.trim() !== '' && { scope: scope.trim() }),
  };
}

function secret(title: string, prompt: string): Thenable<string | undefined> {
  return ask({ title, prompt, password: true });
}
