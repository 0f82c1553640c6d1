import * as vscode from 'vscode';
import type { JsonObject } from '../../contract/json.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import type { ItemPlace } from '../documents/documentPath.ts';
import { DocumentError, withToolText } from '../documents/documentText.ts';
import type { ItemStore } from '../documents/itemStore.ts';
import { newItem } from '../documents/newItem.ts';
import { toolAt } from '../documents/toolAt.ts';
import { itemOf } from './openItem.ts';
import { problemPlace } from './problemPlace.ts';
import type { ReferenceReader } from './referencesIn.ts';
import type { TemplateCatalog } from './templateCatalog.ts';

/** A pause in typing. */
const pauseMs = 300;

/** Says what is wrong in the open documents, while they are typed and when what they refer to changes. */
export class TemplateDiagnostics {
  readonly #collection = vscode.languages.createDiagnosticCollection('vmcp');
  readonly #timers = new Map<vscode.TextDocument, NodeJS.Timeout>();
  readonly #running = new Map<vscode.TextDocument, AbortController>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly parts: {
      store: ItemStore;
      catalog: TemplateCatalog;
      references: ReferenceReader;
      log: vscode.LogOutputChannel;
    },
  ) {
    const { workspace } = vscode;
    this.#subscriptions = [
      workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, pauseMs)),
      workspace.onDidCloseTextDocument((document) => this.#forget(document)),
    ];
    this.checkAll();
  }

  /** What the documents refer to may have changed. */
  checkAll(): void {
    for (const document of vscode.workspace.textDocuments) {
      this.parts.references.forget(document);
      this.#schedule(document, pauseMs);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const check of this.#running.values()) check.abort();
    this.#collection.dispose();
  }

  #schedule(document: vscode.TextDocument, ms: number): void {
    const place = itemOf(document);
    if (!place) return;
    clearTimeout(this.#timers.get(document));
    const timer = setTimeout(() => {
      this.#timers.delete(document);
      void this.#check(document, place);
    }, ms);
    this.#timers.set(document, timer);
  }

  async #check(document: vscode.TextDocument, place: ItemPlace): Promise<void> {
    this.#running.get(document)?.abort();
    const check = new AbortController();
    this.#running.set(document, check);
    const { version } = document;
    try {
      const found = await this.#problems(document, place, check.signal);
      // Typed on meanwhile, or closed: the next check knows better.
      if (check.signal.aborted || document.version !== version || document.isClosed) return;
      this.#collection.set(document.uri, found);
    } catch (error) {
      if (!check.signal.aborted) this.parts.log.debug(`${document.uri}: ${messageOf(error)}`);
    } finally {
      if (this.#running.get(document) === check) this.#running.delete(document);
    }
  }

  async #problems(
    document: vscode.TextDocument,
    place: ItemPlace,
    signal: AbortSignal,
  ): Promise<vscode.Diagnostic[]> {
    const [templates, definition] = await Promise.all([
      this.parts.references.read(document),
      place.at === 'tool' && place.kind !== 'prompt'
        ? this.#toolProblems(document, place, signal)
        : [],
    ]);
    const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
    const ofTemplates = templates.problems.map(({ start, end, message, severity }) =>
      diagnostic(document, { start, end, message }, severity === 'error' ? error : warning),
    );
    // What a template's own place is known of need not be said of the member as well.
    const isSaid = (message: string) =>
      templates.problems.some((problem) => message.endsWith(problem.message));
    return [...definition.filter(({ message }) => !isSaid(message)), ...ofTemplates];
  }

  async #toolProblems(
    document: vscode.TextDocument,
    place: Extract<ItemPlace, { at: 'tool' }>,
    signal: AbortSignal,
  ): Promise<vscode.Diagnostic[]> {
    const vmcp = await this.parts.catalog.vmcp(place);
    if (!vmcp) return [];
    const text = document.getText();
    const isJson = place.kind !== 'python';
    try {
      const saved = toolAt(vmcp, place) ?? newItem[place.kind](place.name);
      const tool = withToolText(saved, text) as unknown as JsonObject;
      const items = await this.parts.store.items(vmcp.vmcp_id);
      const { problems } = await items.check(tool, signal);
      return problems.map((problem) =>
        diagnostic(document, problemPlace(text, problem, isJson), vscode.DiagnosticSeverity.Error),
      );
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      const { offset, message } = error;
      const at = { start: offset, end: offset + 1, message };
      return [diagnostic(document, at, vscode.DiagnosticSeverity.Error)];
    }
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#timers.get(document));
    this.#timers.delete(document);
    this.#running.get(document)?.abort();
    this.#collection.delete(document.uri);
  }
}

function diagnostic(
  document: vscode.TextDocument,
  { start, end, message }: { start: number; end: number; message: string },
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const found = new vscode.Diagnostic(range, message, severity);
  found.source = 'vMCP';
  return found;
}
