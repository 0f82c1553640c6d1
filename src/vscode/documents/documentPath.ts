import type { CustomTool } from '../../contract/customItems.ts';

/** Of the addresses under which custom items are documents. */
export const documentScheme = 'vmcp';

export type ToolKind = CustomTool['tool_type'];
export type ItemFolder = 'tools' | 'prompts' | 'resources';
export const itemFolders: readonly ItemFolder[] = ['tools', 'prompts', 'resources'];

/** One custom item as a document. */
export type ItemPlace = { vmcp: string; name: string } & (
  | { at: 'tool'; kind: ToolKind }
  | { at: 'prompt' }
  | { at: 'resource' }
);

/** What a path `/<vMCP>/<folder>/<document>` leads to; vMCPs go by their names. */
export type DocumentPlace =
  | { at: 'root' }
  | { at: 'vmcp'; vmcp: string }
  | { at: 'folder'; vmcp: string; folder: ItemFolder }
  | ItemPlace;

/** Names of items have no dots, so what follows the name tells the kind. */
const toolSuffixes: Record<ToolKind, string> = {
  python: '.py',
  prompt: '.md',
  http: '.http.json',
  composite: '.composite.json',
};
const promptSuffix = '.md';

/** Undefined for a path under which there can be nothing. */
export function parseDocumentPath(path: string): DocumentPlace | undefined {
  const [vmcp, folder, file, ...more] = path.split('/').filter((segment) => segment !== '');
  if (vmcp === undefined) return { at: 'root' };
  if (folder === undefined) return { at: 'vmcp', vmcp };
  if (!isItemFolder(folder) || more.length > 0) return undefined;
  return file === undefined ? { at: 'folder', vmcp, folder } : itemPlace(vmcp, folder, file);
}

/** The path of an item. */
export function itemPath(place: ItemPlace): string {
  const { vmcp, name } = place;
  switch (place.at) {
    case 'tool':
      return `/${vmcp}/tools/${name}${toolSuffixes[place.kind]}`;
    case 'prompt':
      return `/${vmcp}/prompts/${name}${promptSuffix}`;
    case 'resource':
      return `/${vmcp}/resources/${escapeSlashes(name)}`;
  }
}

function itemPlace(vmcp: string, folder: ItemFolder, file: string): ItemPlace | undefined {
  switch (folder) {
    case 'tools': {
      const name = file.split('.', 1)[0] ?? '';
      const suffix = file.slice(name.length);
      const kind = (Object.keys(toolSuffixes) as ToolKind[]).find(
        (each) => toolSuffixes[each] === suffix,
      );
      return kind && name !== '' ? { at: 'tool', vmcp, kind, name } : undefined;
    }
    case 'prompts': {
      const name = file.slice(0, -promptSuffix.length);
      return file.endsWith(promptSuffix) && name !== '' ? { at: 'prompt', vmcp, name } : undefined;
    }
    case 'resources':
      return { at: 'resource', vmcp, name: unescapeSlashes(file) };
  }
}

function isItemFolder(name: string): name is ItemFolder {
  return itemFolders.some((folder) => folder === name);
}

/** Names of resources may hold what would end a segment of a path. */
function escapeSlashes(name: string): string {
  return name.replace(/[%/\\]/g, (character) => encodeURIComponent(character));
}

function unescapeSlashes(segment: string): string {
  return segment.replace(/%(?:25|2F|5C)/gi, (code) => decodeURIComponent(code));
}
