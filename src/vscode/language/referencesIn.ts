import type * as vscode from 'vscode';
import type { TemplatePreview } from '../../contract/operations.ts';
import type { ItemStore } from '../documents/itemStore.ts';
import { itemOf, variablesOf } from './openItem.ts';
import type { TemplateCatalog } from './templateCatalog.ts';
import { templateTexts } from './templateTexts.ts';

export type FoundReference = Omit<TemplatePreview['references'][number], 'line' | 'column'>;

/** The references and problems of a document, with places in it. */
export interface DocumentTemplates {
  references: FoundReference[];
  problems: {
    message: string;
    severity: 'error' | 'warning';
    start: number;
    end: number;
  }[];
}

/** Asks the server for what the templates of a document say, once for each of its versions. */
export class ReferenceReader {
  readonly #read = new WeakMap<
    vscode.TextDocument,
    { version: number; templates: Promise<DocumentTemplates> }
  >();

  constructor(
    private readonly store: ItemStore,
    private readonly catalog: TemplateCatalog,
  ) {}

  /** @throws RestError */
  read(document: vscode.TextDocument): Promise<DocumentTemplates> {
    const known = this.#read.get(document);
    if (known?.version === document.version) return known.templates;
    const templates = this.#ask(document);
    this.#read.set(document, { version: document.version, templates });
    templates.catch(() => this.forget(document)); // the next one asks again
    return templates;
  }

  /** What names mean may have changed, though the text has not. */
  forget(document: vscode.TextDocument): void {
    this.#read.delete(document);
  }

  async #ask(document: vscode.TextDocument): Promise<DocumentTemplates> {
    const place = itemOf(document);
    const texts = place ? templateTexts(place, document.getText()) : [];
    const vmcp = place && texts.length > 0 ? await this.catalog.vmcp(place) : undefined;
    if (!place || !vmcp) return { references: [], problems: [] };
    const items = await this.store.items(vmcp.vmcp_id);
    const variables = knownNames(variablesOf(vmcp, place), document.getText());
    const previews = await Promise.all(
      texts.map(async ({ text, offsetOf }) => {
        const preview = await items.preview(text, variables);
        const moved = <Item extends { start: number; end: number }>(item: Item): Item => ({
          ...item,
          start: offsetOf(item.start),
          end: offsetOf(item.end),
        });
        return {
          references: preview.references.map(moved),
          problems: preview.problems.map(moved),
        };
      }),
    );
    return {
      references: previews.flatMap(({ references }) => references),
      problems: previews.flatMap(({ problems }) => problems),
    };
  }
}

/** A definition says itself which parameters it has, and its steps and items are names, too. */
function knownNames(
  variables: readonly { name: string }[],
  document: string,
): readonly { name: string }[] {
  const written = [...document.matchAll(/"name"\s*:\s*"(\w+)"/g)].map(([, name = '']) => ({
    name,
  }));
  const ofSteps = ['steps', 'item', 'index'].map((name) => ({ name }));
  return [...variables, ...written, ...(document.includes('"steps"') ? ofSteps : [])];
}
