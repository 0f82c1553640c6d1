import * as vscode from 'vscode';
import type { FoundServer } from '../../../contract/serverImport.ts';
import type { Back, StepPlace } from '../../steps/back.ts';
import { pickMany } from '../../steps/pickOne.ts';
import { foundServerItem } from './foundServerText.ts';

/** Servers that stand together, under the name of where they are from. */
export interface ServerGroup {
  title: string;
  servers: readonly FoundServer[];
}

interface Item extends vscode.QuickPickItem {
  found?: FoundServer;
}

/** Ticks some of the servers that were found; new ones are ticked at first. */
export async function chooseServers(
  groups: readonly ServerGroup[],
  place: StepPlace,
): Promise<FoundServer[] | Back | undefined> {
  const items = groups.flatMap(({ title, servers }): Item[] => [
    { label: title, kind: vscode.QuickPickItemKind.Separator },
    ...servers
      .filter(({ state }) => state !== 'unusable')
      .map((found) => ({ ...foundServerItem(found, vscode.l10n.t), found })),
  ]);
  const picked = items.filter(({ found }) => found && found.state !== 'present');
  const placeholder = vscode.l10n.t('Tick the MCP servers to add');
  const chosen = await pickMany({ ...place, items, picked, placeholder });
  if (chosen === undefined || typeof chosen === 'symbol') return chosen;
  return chosen.map(({ found }) => found).filter((found) => found !== undefined);
}
