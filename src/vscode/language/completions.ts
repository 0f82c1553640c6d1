import * as vscode from 'vscode';
import type { TemplateNames } from '../../contract/operations.ts';
import type { Vmcp } from '../../contract/vmcps.ts';
import { itemOf, variablesOf } from './openItem.ts';
import { findItem, type McpItem, parametersOf, type TemplateCatalog } from './templateCatalog.ts';
import { type TemplateCursor, templateCursor } from './templateCursor.ts';

/** As much of a text before the cursor can belong to a reference. */
const lookBackLines = 20;

/** Completes references in templates, and the parameters of what they call. */
export class TemplateCompletions implements vscode.CompletionItemProvider {
  constructor(private readonly catalog: TemplateCatalog) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem[]> {
    const place = itemOf(document);
    if (!place || (place.at === 'tool' && place.kind === 'python')) return [];
    const start = new vscode.Position(Math.max(0, position.line - lookBackLines), 0);
    const cursor = templateCursor(document.getText(new vscode.Range(start, position)));
    if (!cursor) return [];
    const vmcp = await this.catalog.vmcp(place);
    if (!vmcp || token.isCancellationRequested) return [];
    const names = await this.catalog.names(vmcp.vmcp_id);
    const parameters = variablesOf(vmcp, place).map(({ name, description = '' }) => {
      return plainItem(name, description, vscode.CompletionItemKind.Variable);
    });
    const items = itemsFor(cursor, { vmcp, names, parameters });
    const typed = cursor.wants === 'kind' ? cursor.typed.length + 1 : cursor.length;
    const range = new vscode.Range(position.translate(0, -typed), position);
    return items.map((item) => Object.assign(item, { range }));
  }
}

interface Known {
  vmcp: Vmcp;
  names: TemplateNames;
  parameters: vscode.CompletionItem[];
}

function itemsFor(
  cursor: TemplateCursor,
  { vmcp, names, parameters }: Known,
): vscode.CompletionItem[] {
  const config = names.config.map((key) => {
    const isSecret = vmcp.secret_keys.includes(key);
    const about = isSecret ? vscode.l10n.t('Secret of the configuration') : configText(vmcp, key);
    return plainItem(key, about, vscode.CompletionItemKind.Constant);
  });
  switch (cursor.wants) {
    case 'kind':
      return kindItems();
    case 'param':
    case 'variable':
      return [...parameters, ...config];
    case 'config':
      return config;
    case 'argument':
      return argumentItems(findItem(names, cursor.kind, cursor.item), cursor.given);
    case 'resource':
      return names.resources.map((item) => {
        const own = item.uri.startsWith('vmcp:') && typeof item.name === 'string';
        return callItem(item, own ? `vmcp.${String(item.name)}` : item.uri, cursor.form, false);
      });
    case 'tool':
    case 'prompt':
      return names[`${cursor.wants}s`].map((item) => callItem(item, item.name, cursor.form, true));
  }
}

function kindItems(): vscode.CompletionItem[] {
  const { t } = vscode.l10n;
  const kinds: [string, string][] = [
    ['param', t('The value of a parameter')],
    ['config', t('A value of the configuration of the vMCP')],
    ['tool', t('What a tool answers')],
    ['resource', t('What a resource holds')],
    ['prompt', t('What a prompt says')],
  ];
  return kinds.map(([kind, about]) => {
    const item = plainItem(`@${kind}`, about, vscode.CompletionItemKind.Keyword);
    item.insertText = `@${kind}.`;
    item.command = { command: 'editor.action.triggerSuggest', title: '' };
    return item;
  });
}

/** A call with its required arguments to be filled in, in the form that was begun. */
function callItem(
  item: McpItem,
  name: string,
  form: 'dot' | 'parenthesis',
  takesArguments: boolean,
): vscode.CompletionItem {
  const about = typeof item.description === 'string' ? item.description : '';
  const kind = takesArguments
    ? vscode.CompletionItemKind.Function
    : vscode.CompletionItemKind.Reference;
  const completion = plainItem(name, about, kind);
  const required = takesArguments ? parametersOf(item).filter((one) => one.required) : [];
  const snippet = new vscode.SnippetString().appendText(name);
  const separator = form === 'dot' ? '' : ', ';
  if (form === 'dot' && takesArguments) snippet.appendText('(');
  for (const [index, parameter] of required.entries()) {
    snippet.appendText(index === 0 ? separator : ', ');
    snippet.appendText(`${parameter.name}=${parameter.type === 'string' ? '"' : ''}`);
    snippet.appendTabstop();
    if (parameter.type === 'string') snippet.appendText('"');
  }
  // VS Code closes the parenthesis that it opened itself.
  if (form === 'dot' && takesArguments) snippet.appendText(')');
  completion.insertText = snippet;
  return completion;
}

function argumentItems(
  item: McpItem | undefined,
  given: readonly string[],
): vscode.CompletionItem[] {
  const open = item ? parametersOf(item).filter(({ name }) => !given.includes(name)) : [];
  return open.map(({ name, type, description, required }) => {
    const completion = plainItem(name, description, vscode.CompletionItemKind.Field);
    completion.detail = required ? type : vscode.l10n.t('{0}, optional', type);
    completion.insertText = `${name}=`;
    completion.sortText = `${required ? 0 : 1}${name}`;
    return completion;
  });
}

function plainItem(
  name: string,
  about: string,
  kind: vscode.CompletionItemKind,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(name, kind);
  item.detail = about.split('\n', 1)[0] ?? '';
  return item;
}

function configText(vmcp: Vmcp, key: string): string {
  return JSON.stringify(vmcp.active_config[key] ?? null);
}
