import { basename } from 'node:path';
import * as vscode from 'vscode';
import { type CustomTool, itemNameSchema } from '../../contract/customItems.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import type { ItemPlace, ToolKind } from '../documents/documentPath.ts';
import { newItem, newPrompt } from '../documents/newItem.ts';
import { typeOfFile } from '../documents/typeOfFile.ts';
import type { CommandContext } from './commandContext.ts';
import { ask } from './pickers.ts';
import { kindText } from './pickItem.ts';
import { showItem } from './showItem.ts';

/** Asks for a kind and a name, makes the tool, and opens it. */
export async function addCustomTool(context: CommandContext, vmcp: Vmcp): Promise<void> {
  const { t } = vscode.l10n;
  const chosen = await vscode.window.showQuickPick(kindItems(), {
    title: t('New custom tool ({0}/2)', 1),
    placeHolder: t('What is the tool made of?'),
    ignoreFocusOut: true,
  });
  const begun = await chosen?.begin(context, vmcp);
  if (!begun) return;
  const taken = vmcp.custom_tools.map(({ name }) => name);
  const name = await askForName(t('New custom tool ({0}/2)', 2), '', taken);
  if (name === undefined) return;
  const tool = begun(name);
  await (await context.store.items(vmcp.vmcp_id)).add('custom-tools', tool);
  await showItem(context, vmcp, { at: 'tool', vmcp: vmcp.name, name, kind: tool.tool_type });
}

/** Asks for a name, makes the prompt, and opens it. */
export async function addPrompt(context: CommandContext, vmcp: Vmcp): Promise<void> {
  const taken = vmcp.custom_prompts.map(({ name }) => name);
  const name = await askForName(vscode.l10n.t('New prompt'), '', taken);
  if (name === undefined) return;
  await (await context.store.items(vmcp.vmcp_id)).add('custom-prompts', newPrompt(name));
  await showItem(context, vmcp, { at: 'prompt', vmcp: vmcp.name, name });
}

/** A resource of a text to be written, or of chosen files. */
export async function addResource(context: CommandContext, vmcp: Vmcp): Promise<void> {
  const { t } = vscode.l10n;
  const text = { label: `$(edit) ${t('Text')}`, detail: t('Written here'), isFile: false };
  const files = { label: `$(file) ${t('Files')}`, detail: t('Copied into vMCP'), isFile: true };
  const title = t('New resource');
  const chosen = await vscode.window.showQuickPick([text, files], { title, ignoreFocusOut: true });
  if (!chosen) return;
  if (chosen.isFile) return addFiles(context, vmcp);
  const taken = vmcp.custom_resources.map(({ name }) => name);
  const name = await ask({
    title,
    prompt: t('Its name, with the extension that tells its type'),
    value: 'notes.md',
    valueSelection: [0, 5],
    validateInput: (value) => nameProblem(value, taken),
  });
  if (name === undefined) return;
  const items = await context.store.items(vmcp.vmcp_id);
  const mime_type = typeOfFile(name);
  await items.add('custom-resources', { name, description: '', mime_type, text: '' });
  await showItem(context, vmcp, { at: 'resource', vmcp: vmcp.name, name });
}

/** Asks for the name of a tool or prompt; undefined where the user gave up. */
export async function askForName(
  title: string,
  value: string,
  taken: readonly string[],
): Promise<string | undefined> {
  return ask({
    title,
    prompt: vscode.l10n.t('MCP clients see it under this name'),
    value,
    validateInput: (name) => {
      if (!itemNameSchema.safeParse(name).success) {
        return vscode.l10n.t('1 to 46 letters, digits, “_” or “-”.');
      }
      return nameProblem(name, taken);
    },
  });
}

function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name.trim() === '' || name.length > 200) return vscode.l10n.t('1 to 200 characters.');
  return taken.includes(name) ? vscode.l10n.t('The name “{0}” is taken.', name) : undefined;
}

/** Largest content of a resource, bytes. */
const maxFileBytes = 10 * 1024 * 1024;

async function addFiles(context: CommandContext, vmcp: Vmcp): Promise<void> {
  const { t } = vscode.l10n;
  const openLabel = t('Add as resources');
  const chosen = await vscode.window.showOpenDialog({ canSelectMany: true, openLabel });
  const items = await context.store.items(vmcp.vmcp_id);
  const taken = new Set(vmcp.custom_resources.map(({ name }) => name));
  for (const uri of chosen ?? []) {
    const name = basename(uri.path);
    if (taken.has(name)) throw new Error(t('There is already a resource “{0}”.', name));
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > maxFileBytes) throw new Error(t('“{0}” is larger than 10 MiB.', name));
    const bytes = await vscode.workspace.fs.readFile(uri);
    const mime_type = typeOfFile(name);
    await items.add('custom-resources', { name, description: '', mime_type });
    await items.putContent(name, bytes, mime_type);
    taken.add(name);
  }
}

interface KindItem extends vscode.QuickPickItem {
  /** Asks for what the kind cannot do without. @returns how the tool is made of its name */
  begin(context: CommandContext, vmcp: Vmcp): Promise<((name: string) => CustomTool) | undefined>;
}

function kindItems(): KindItem[] {
  const { t } = vscode.l10n;
  const label = (icon: string, kind: ToolKind) => {
    const place: ItemPlace = { at: 'tool', vmcp: '', name: '', kind };
    return `$(${icon}) ${kindText(place)}`;
  };
  return [
    {
      label: label('code', 'python'),
      detail: t('A function in Python, without access to files or the network'),
      begin: async () => newItem.python,
    },
    {
      label: label('globe', 'http'),
      detail: t('A request to an HTTP API'),
      begin: askForUrl,
    },
    {
      label: label('comment', 'prompt'),
      detail: t('A text with values, results of tools and contents of resources in it'),
      begin: async () => newItem.prompt,
    },
    {
      label: label('list-tree', 'composite'),
      detail: t('Several tools, one after another or side by side'),
      begin: askForFirstTool,
    },
  ];
}

async function askForUrl() {
  const url = await ask({
    title: vscode.l10n.t('New custom tool ({0}/2)', 1),
    prompt: vscode.l10n.t('Address of the request; {name} stands for a parameter'),
    placeHolder: 'https://example.com/items/{id}',
    validateInput: (value) =>
      /^(https?:\/\/\S|@config[.:]\w)/.test(value)
        ? undefined
        : vscode.l10n.t('It begins with http://, https:// or @config.'),
  });
  return url === undefined ? undefined : (name: string) => newItem.http(name, url);
}

async function askForFirstTool({ store }: CommandContext, vmcp: Vmcp) {
  const names = await (await store.items(vmcp.vmcp_id)).names();
  if (names.tools.length === 0) {
    throw new Error(vscode.l10n.t('“{0}” has no tools that could be steps.', vmcp.name));
  }
  const items = names.tools.map(({ name, description }) => ({
    label: name,
    detail: typeof description === 'string' ? (description.split('\n', 1)[0] ?? '') : '',
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('New custom tool ({0}/2)', 1),
    placeHolder: vscode.l10n.t('Choose the tool of the first step'),
    ignoreFocusOut: true,
  });
  return chosen && ((name: string) => newItem.composite(name, chosen.label));
}
