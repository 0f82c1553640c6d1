import * as vscode from 'vscode';
import type { FoundServer } from '../../../contract/serverImport.ts';
import type { AddingClient } from '../../../serverLink/addingClient.ts';
import { foundServerItem } from './foundServerText.ts';
import { PastedText } from './pastedText.ts';
import { type Recognition, Recognizer } from './recognizer.ts';

/** What the user has: a text, or the wish to look elsewhere. */
export type ServerSource =
  | { from: 'text'; text: string; servers: readonly FoundServer[] }
  | { from: 'registry' | 'clients' };

interface Item extends vscode.QuickPickItem {
  choose?: (text: string) => ServerSource;
}

/**
 * One input for whatever a person has of a server. While it is typed or pasted, the list below says
 * how it is understood.
 * @param text what was typed before
 */
export async function askForServers(
  client: () => AddingClient,
  text: string,
): Promise<ServerSource | undefined> {
  const { t } = vscode.l10n;
  const pick = vscode.window.createQuickPick<Item>();
  Object.assign(pick, { title: t('Add MCP server'), step: 1, totalSteps: 2 });
  pick.ignoreFocusOut = true;
  pick.placeholder = t('Paste a command line, a URL, or the configuration of another MCP client');
  const pasted = new PastedText(() => {
    if (pick.value !== '') follow();
  });
  const full = () => pasted.whole(pick.value);
  const tell = (recognition: Recognition) => {
    pick.busy = false;
    pick.items = itemsOf(recognition);
  };
  const recognizer = new Recognizer(client, tell);
  const follow = () => {
    pick.busy = pick.value.trim() !== '';
    recognizer.follow(full());
  };
  pick.value = text;
  pick.items = itemsOf({ status: 'empty', text: '' });
  if (text !== '') follow();
  try {
    return await new Promise<ServerSource | undefined>((resolve) => {
      pick.onDidChangeValue(follow);
      pick.onDidHide(() => resolve(undefined));
      pick.onDidAccept(async () => {
        // The list may still be of what was typed before.
        const [active] = pick.activeItems;
        const recognition = await recognizer.now(full());
        tell(recognition);
        const items = itemsOf(recognition);
        const chosen = items.find(({ label }) => label === active?.label) ?? items[0];
        const source = chosen?.choose?.(recognition.text);
        if (source) resolve(source);
      });
      pick.show();
    });
  } finally {
    recognizer.stop();
    pasted.dispose();
    pick.dispose();
  }
}

function itemsOf(recognition: Recognition): Item[] {
  const { t } = vscode.l10n;
  switch (recognition.status) {
    case 'empty':
      return [
        {
          label: `$(library) ${t('Browse the registry…')}`,
          detail: t('Search public MCP servers and well-known services'),
          choose: () => ({ from: 'registry' }),
        },
        {
          label: `$(cloud-download) ${t('Import from other MCP clients…')}`,
          detail: t('VS Code, Claude, Cursor, Windsurf, Codex, Copilot CLI'),
          choose: () => ({ from: 'clients' }),
        },
      ];
    case 'failed':
      return [{ label: `$(error) ${recognition.message}`, alwaysShow: true }];
    case 'found':
      return foundItems(recognition.preview.servers);
  }
}

function foundItems(servers: readonly FoundServer[]): Item[] {
  const { t } = vscode.l10n;
  const items = servers.map((found): Item => {
    const item = { ...foundServerItem(found, t), alwaysShow: true };
    if (found.state === 'unusable') return item;
    return { ...item, choose: (text) => ({ from: 'text', text, servers: [found] }) };
  });
  const usable = servers.filter(({ state }) => state !== 'unusable');
  if (usable.length < 2) return items;
  const all = t('Choose among {0} servers…', usable.length);
  const choose = (text: string): ServerSource => ({ from: 'text', text, servers: usable });
  return [{ label: `$(checklist) ${all}`, alwaysShow: true, choose }, ...items];
}
