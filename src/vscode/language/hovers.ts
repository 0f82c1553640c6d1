import * as vscode from 'vscode';
import type { Vmcp } from '../../contract/vmcps.ts';
import { itemOf, variablesOf } from './openItem.ts';
import type { FoundReference, ReferenceReader } from './referencesIn.ts';
import { findItem, parametersOf, type TemplateCatalog } from './templateCatalog.ts';

/** Says what a reference in a template means. */
export class TemplateHovers implements vscode.HoverProvider {
  constructor(
    private readonly catalog: TemplateCatalog,
    private readonly references: ReferenceReader,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const place = itemOf(document);
    const vmcp = place && (await this.catalog.vmcp(place));
    if (!place || !vmcp) return undefined;
    const offset = document.offsetAt(position);
    const { references } = await this.references.read(document);
    // The innermost: arguments of a call may hold references.
    const reference = references.filter((r) => r.start <= offset && offset < r.end).at(-1);
    if (!reference) return undefined;
    const text = await this.#describe(reference, vmcp, variablesOf(vmcp, place));
    const range = new vscode.Range(
      document.positionAt(reference.start),
      document.positionAt(reference.end),
    );
    return text && new vscode.Hover(text, range);
  }

  async #describe(
    { kind, name }: FoundReference,
    vmcp: Vmcp,
    variables: ReturnType<typeof variablesOf>,
  ): Promise<vscode.MarkdownString | undefined> {
    switch (kind) {
      case 'tool':
      case 'prompt':
      case 'resource': {
        const item = findItem(await this.catalog.names(vmcp.vmcp_id), kind, name);
        if (!item) return undefined;
        const text = titled(name, typeof item.description === 'string' ? item.description : '');
        for (const parameter of parametersOf(item)) {
          text.appendMarkdown('\n\n- ').appendText(parameterText(parameter));
        }
        return text;
      }
      case 'config':
        return this.#describeConfig(vmcp, name);
      default: {
        const own = variables.find((variable) => variable.name === name);
        if (own) return titled(`${own.name}: ${own.type}`, own.description ?? '');
        return this.#describeConfig(vmcp, name);
      }
    }
  }

  #describeConfig(vmcp: Vmcp, key: string): vscode.MarkdownString | undefined {
    if (!Object.hasOwn(vmcp.active_config, key)) return undefined;
    const value = JSON.stringify(vmcp.active_config[key]);
    return titled(key, vscode.l10n.t('Configuration of {0}: {1}', vmcp.name, value));
  }
}

/** What servers say stays text: no links, no pictures, no commands. */
function titled(name: string, about: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendCodeblock(name, 'text').appendText(about);
}

function parameterText({
  name,
  type,
  description,
  required,
}: ReturnType<typeof parametersOf>[number]) {
  const optional = required ? '' : ` (${vscode.l10n.t('optional')})`;
  return `${name}: ${type}${optional}${description === '' ? '' : ` – ${description}`}`;
}
