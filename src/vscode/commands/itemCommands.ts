import * as vscode from 'vscode';
import type { Vmcp } from '../../contract/vmcps.ts';
import type { ItemPlace } from '../documents/documentPath.ts';
import { commandIds, pageIds } from '../ids.ts';
import type { Node } from '../views/nodes.ts';
import type { CommandContext } from './commandContext.ts';
import { importTools } from './importTools.ts';
import { inspectorTarget } from './inspectorTarget.ts';
import { addCustomTool, addPrompt, addResource, askForName } from './newItems.ts';
import { pickVmcp } from './pickers.ts';
import { activePlace, type ItemTarget, itemsOf, pickItem } from './pickItem.ts';
import { pickTried, type Tried } from './pickTried.ts';
import { itemUri, showForm, showItem, showText } from './showItem.ts';
import { freeName } from './validateName.ts';

/** Commands on the custom tools, prompts and resources of vMCPs. */
export function itemCommands(context: CommandContext) {
  const onVmcp = (act: (vmcp: Vmcp) => Promise<void>) => async (node?: unknown) => {
    const candidate = node as Node | undefined;
    const vmcpId =
      candidate && 'vmcpId' in candidate
        ? candidate.vmcpId
        : (await pickVmcp(context.inventory, undefined))?.vmcp_id;
    // The newest: names that were given a moment ago are taken, too.
    if (vmcpId !== undefined) await act(await context.process.client.vmcp(vmcpId));
  };
  const onItem =
    (act: (target: ItemTarget) => Promise<void>, isWanted?: (place: ItemPlace) => boolean) =>
    async (node?: unknown) => {
      const target = await pickItem(context, node, isWanted);
      if (target) await act(target);
    };
  return {
    [commandIds.newCustomTool]: onVmcp((vmcp) => addCustomTool(context, vmcp)),
    [commandIds.newPrompt]: onVmcp((vmcp) => addPrompt(context, vmcp)),
    [commandIds.newResource]: onVmcp((vmcp) => addResource(context, vmcp)),
    [commandIds.importTools]: onVmcp((vmcp) => importTools(context, vmcp)),
    [commandIds.editItem]: onItem(({ vmcp, place }) => showItem(context, vmcp, place)),
    [commandIds.editItemText]: onItem(({ place }) => showText(place)),
    [commandIds.duplicateItem]: onItem((target) => duplicate(context, target)),
    [commandIds.renameItem]: onItem((target) => rename(context, target)),
    [commandIds.tryItem]: (node?: unknown) => tryItem(context, node),
  };
}

async function triedOf(context: CommandContext, node: unknown): Promise<Tried | undefined> {
  const inspected = await inspectorTarget(context, node);
  if (inspected) return { inspected };
  const item = await pickItem(context, node);
  return item && { item };
}

/** Tries a custom tool in its editor, everything else in the inspector. */
async function tryItem(context: CommandContext, node: unknown): Promise<void> {
  const picked =
    node === undefined && !activePlace() ? await pickTried(context) : await triedOf(context, node);
  if (!picked) return;
  if ('inspected' in picked) return context.pages.open(pageIds.inspector, picked.inspected);
  const { item: target } = picked;
  const { vmcp, place } = target;
  if (place.at === 'tool') {
    return showForm(context, vmcp, place, vscode.window.activeTextEditor !== undefined);
  }
  const document = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.toString() === itemUri(place).toString(),
  );
  // What is not saved cannot be tried; a refusal is told by VS Code.
  if (document?.isDirty && !(await document.save())) return;
  const name = place.at === 'resource' ? resourceUri(vmcp, place.name) : `vmcp.${place.name}`;
  const about = { of: 'vmcp', id: vmcp.vmcp_id, item: place.at, name };
  await context.pages.open(pageIds.inspector, about, vscode.ViewColumn.Beside);
}

function resourceUri(vmcp: Vmcp, name: string): string {
  return vmcp.custom_resources.find((one) => one.name === name)?.uri ?? name;
}

async function duplicate(context: CommandContext, { vmcp, place }: ItemTarget): Promise<void> {
  const taken = itemsOf(vmcp)
    .filter(({ at }) => at === place.at)
    .map(({ name }) => name);
  const name = freeName(`${place.name}_copy`, taken).replaceAll(' ', '_');
  const items = await context.store.items(vmcp.vmcp_id);
  const named = <Item extends { name: string }>(list: readonly Item[]) =>
    list.filter((item) => item.name === place.name).map((item) => ({ ...item, name }));
  if (place.at === 'tool') {
    for (const tool of named(vmcp.custom_tools)) await items.add('custom-tools', tool);
  } else if (place.at === 'prompt') {
    for (const prompt of named(vmcp.custom_prompts)) await items.add('custom-prompts', prompt);
  } else {
    for (const { uri: _, file, ...resource } of named(vmcp.custom_resources)) {
      await items.add('custom-resources', resource);
      if (!file) continue;
      await items.putContent(name, await items.content(place.name), resource.mime_type);
    }
  }
  const after = await context.process.client.vmcp(vmcp.vmcp_id);
  await showItem(context, after, { ...place, name });
}

/** By VS Code's own renaming, so that an open document goes along with what is typed in it. */
async function rename(context: CommandContext, { vmcp, place }: ItemTarget): Promise<void> {
  const taken = itemsOf(vmcp)
    .filter(({ at, name }) => at === place.at && name !== place.name)
    .map(({ name }) => name);
  const name = await askForName(vscode.l10n.t('Rename {0}', place.name), place.name, taken);
  if (name === undefined || name === place.name) return;
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(itemUri(place), itemUri({ ...place, name }));
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new Error(vscode.l10n.t('“{0}” could not be renamed.', place.name));
  }
  if (place.at === 'resource') return;
  const about = (itemName: string) => ({ vmcp_id: vmcp.vmcp_id, item: place.at, name: itemName });
  await context.pages.move(pageIds.toolEditor, about(place.name), about(name));
}
