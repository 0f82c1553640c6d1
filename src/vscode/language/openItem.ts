import type * as vscode from 'vscode';
import type { Variable } from '../../contract/customItems.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import { documentScheme, type ItemPlace, parseDocumentPath } from '../documents/documentPath.ts';

/** The custom item that a document is; undefined for every other document. */
export function itemOf(document: vscode.TextDocument): ItemPlace | undefined {
  if (document.uri.scheme !== documentScheme) return undefined;
  const place = parseDocumentPath(document.uri.path);
  return place && 'name' in place ? place : undefined;
}

/** The parameters of an item, as they are saved. */
export function variablesOf(vmcp: Vmcp, place: ItemPlace): readonly Variable[] {
  const items = place.at === 'prompt' ? vmcp.custom_prompts : vmcp.custom_tools;
  return items.find(({ name }) => name === place.name)?.variables ?? [];
}
