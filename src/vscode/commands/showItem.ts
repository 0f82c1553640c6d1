import * as vscode from 'vscode';
import type { Vmcp } from '../../contract/vmcps.ts';
import { documentScheme, type ItemPlace, itemPath } from '../documents/documentPath.ts';
import { pageIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';

/** The address of an item's document. */
export function itemUri(place: ItemPlace): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path: itemPath(place) });
}

/** Opens what an item is edited in: its text, and beside it the form for the rest. */
export async function showItem(
  context: CommandContext,
  vmcp: Vmcp,
  place: ItemPlace,
): Promise<void> {
  if (place.at === 'resource') return showText(place);
  const isWritten = place.at === 'prompt' || place.kind === 'python' || place.kind === 'prompt';
  if (isWritten) await showText(place, vscode.ViewColumn.One);
  await showForm(context, vmcp, place, isWritten);
}

/** Opens an item's form with its try-out. @param beside the document that is open */
export async function showForm(
  { pages }: CommandContext,
  vmcp: Vmcp,
  place: Exclude<ItemPlace, { at: 'resource' }>,
  beside: boolean,
): Promise<void> {
  const context = { vmcp_id: vmcp.vmcp_id, item: place.at, name: place.name };
  const column = beside ? vscode.ViewColumn.Two : vscode.ViewColumn.Active;
  await pages.open(pageIds.toolEditor, context, column);
}

/** Opens a document; what is no text in the editor that VS Code has for it. */
export async function showText(place: ItemPlace, column?: vscode.ViewColumn): Promise<void> {
  const options = { preview: false, ...(column && { viewColumn: column }) };
  await vscode.commands.executeCommand('vscode.open', itemUri(place), options);
}
