import * as vscode from 'vscode';
import { documentScheme } from '../documents/documentPath.ts';
import type { ItemStore } from '../documents/itemStore.ts';
import type { Inventory } from '../inventory.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { TemplateCompletions } from './completions.ts';
import { TemplateDiagnostics } from './diagnostics.ts';
import { TemplateHovers } from './hovers.ts';
import { ReferenceReader } from './referencesIn.ts';
import { TemplateTokens, tokenLegend } from './semanticTokens.ts';
import { TemplateCatalog } from './templateCatalog.ts';
import { TryLenses } from './tryLenses.ts';

/** What else the language needs of a window. */
export interface LanguageParts {
  process: ServerProcess;
  inventory: Inventory;
  store: ItemStore;
  log: vscode.LogOutputChannel;
}

/** Helps with the documents of custom items, and with nothing else. */
export function openLanguage({
  process,
  inventory,
  store,
  log,
}: LanguageParts): vscode.Disposable[] {
  const { languages } = vscode;
  const selector = { scheme: documentScheme };
  const catalog = new TemplateCatalog(store, () => inventory.vmcps);
  const references = new ReferenceReader(store, catalog);
  const diagnostics = new TemplateDiagnostics({ store, catalog, references, log });
  return [
    diagnostics,
    languages.registerCompletionItemProvider(
      selector,
      new TemplateCompletions(catalog),
      ...['@', '.', ':', '(', '{', ','],
    ),
    languages.registerHoverProvider(selector, new TemplateHovers(catalog, references)),
    languages.registerCodeLensProvider(selector, new TryLenses()),
    ...['markdown', 'json'].map((language) =>
      languages.registerDocumentSemanticTokensProvider(
        { ...selector, language },
        new TemplateTokens(references),
        tokenLegend,
      ),
    ),
    process.onEvent((event) => catalog.follow(event)),
    inventory.onDidChange(() => diagnostics.checkAll()),
    process.onDidChangeState(({ status }) => {
      if (status === 'connected') catalog.clear();
    }),
  ];
}
