import * as vscode from 'vscode';
import type { JsonObject } from '../../contract/json.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import { withoutIcons } from './adding/withoutIcons.ts';
import type { CommandContext } from './commandContext.ts';
import { pickVmcp } from './pickers.ts';
import { type ItemTarget, iconOf, itemsOf, kindText } from './pickItem.ts';

/** A custom item, or what the inspector shows of something that a server offers. */
export type Tried = { item: ItemTarget } | { inspected: JsonObject };

interface TriedItem extends vscode.QuickPickItem {
  tried?: Tried;
}

/** What the user wants to try of a vMCP: its own things, and what its servers offer; undefined: nothing. */
export async function pickTried(context: CommandContext): Promise<Tried | undefined> {
  const { t } = vscode.l10n;
  const vmcp = await pickVmcp(context.inventory, undefined);
  if (!vmcp) return undefined;
  const own = itemsOf(vmcp).map((place): TriedItem => {
    const label = `$(${iconOf(place)}) ${place.name}`;
    return { label, description: kindText(place), tried: { item: { vmcp, place } } };
  });
  const offered = await offeredItems(context, vmcp);
  if (own.length + offered.length === 0) {
    throw new Error(t('“{0}” offers nothing yet.', vmcp.name));
  }
  const separator: TriedItem = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const items = [...own, ...(own.length > 0 ? [separator] : []), ...offered];
  const placeHolder = t('Choose what to try of {0}', vmcp.name);
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))
    ?.tried;
}

async function offeredItems({ store }: CommandContext, vmcp: Vmcp): Promise<TriedItem[]> {
  const { t } = vscode.l10n;
  const { tools, prompts, resources } = await (await store.items(vmcp.vmcp_id)).names();
  const about = (item: string, name: string): Tried => ({
    inspected: { of: 'vmcp', id: vmcp.vmcp_id, item, name },
  });
  const isForeign = ({ name }: { name: string }) => !name.startsWith('vmcp.');
  const ownUris = new Set(vmcp.custom_resources.map(({ uri }) => uri));
  return [
    ...tools.filter(isForeign).map(({ name }) => {
      return { label: `$(tools) ${name}`, description: t('Tool'), tried: about('tool', name) };
    }),
    ...prompts.filter(isForeign).map(({ name }) => {
      return {
        label: `$(comment) ${name}`,
        description: t('Prompt'),
        tried: about('prompt', name),
      };
    }),
    ...resources.flatMap(({ uri }): TriedItem[] => {
      if (typeof uri !== 'string' || ownUris.has(uri)) return [];
      const label = `$(file) ${withoutIcons(uri)}`;
      return [{ label, description: t('Resource'), tried: about('resource', uri) }];
    }),
  ];
}
