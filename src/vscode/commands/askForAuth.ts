import * as vscode from 'vscode';
import type { ServerAuth } from '../../contract/servers.ts';
import { ask } from './pickers.ts';

/** Asks for a kind of authorization and its values; undefined where the user gave up. */
export async function askForAuth(title: string): Promise<ServerAuth | undefined> {
  const { t } = vscode.l10n;
  const kinds: (vscode.QuickPickItem & { ask: () => Promise<ServerAuth | undefined> })[] = [
    { label: t('None'), ask: async () => ({ type: 'none' }) },
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

function secret(title: string, prompt: string): Thenable<string | undefined> {
  return ask({ title, prompt, password: true });
}
