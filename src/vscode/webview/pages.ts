import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { JsonObject, JsonValue } from '../../contract/json.ts';
import { type PageId, pageIds } from '../ids.ts';
import { Drafts } from './drafts.ts';
import type { HtmlOptions } from './pageHtml.ts';
import type { PageKind } from './pageKind.ts';
import type { PageServices } from './pageServices.ts';

interface OpenPage {
  kind: PageKind;
  context: JsonObject;
  panel: vscode.WebviewPanel;
  dirty: boolean;
}

/** The heavy part, loaded with the first page. */
type PageParts = Awaited<ReturnType<typeof loadParts>>;

/** The webviews of a window: one for each object, opened by commands or restored by VS Code. */
export class Pages {
  readonly #open = new Map<string, OpenPage>();
  readonly #drafts: Drafts;
  readonly #subscriptions: { dispose(): void }[];
  readonly #dist: vscode.Uri;
  #parts: Promise<PageParts> | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly services: PageServices,
  ) {
    this.#drafts = new Drafts(context.workspaceState);
    this.#dist = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
    this.#subscriptions = [
      services.inventory.onDidChange(() => this.#retitle()),
      ...Object.values(pageIds).map((id) => this.#restore(id)),
    ];
  }

  /** Shows the page on an object, a new one where there is none. */
  async open(id: PageId, context: JsonObject, column = vscode.ViewColumn.Active): Promise<void> {
    const parts = await this.#load();
    const kind = parts.kinds[id];
    const known = this.#open.get(keyOf(kind, context));
    if (known) return known.panel.reveal();
    const panel = vscode.window.createWebviewPanel(viewType(kind), kind.title(context), column, {
      enableFindWidget: true,
    });
    this.#fill(parts, { kind, context, panel });
  }

  /** An object has another name now: its page goes along, with what is typed in it. */
  async move(id: PageId, from: JsonObject, to: JsonObject): Promise<void> {
    const kind = (await this.#load()).kinds[id];
    const draft = this.#drafts.get(keyOf(kind, from));
    await this.#drafts.set(keyOf(kind, to), draft);
    await this.#drafts.set(keyOf(kind, from), null);
    const page = this.#open.get(keyOf(kind, from));
    if (!page) return;
    const column = page.panel.viewColumn;
    page.dirty = false;
    page.panel.dispose();
    await this.open(id, to, column);
  }

  /** Open pages stay: VS Code restores them in the next window. */
  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #restore(id: PageId): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(viewType({ id }), {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) => {
        const parts = await this.#load();
        const kind = parts.kinds[id];
        const context = parts.contextOf(kind, state);
        // Of an older version, or damaged: nothing says what it was about.
        if (!context || this.#open.has(keyOf(kind, context))) return panel.dispose();
        this.#fill(parts, { kind, context, panel });
      },
    });
  }

  #fill(
    { PageSession, pageHtml }: PageParts,
    { kind, context, panel }: Omit<OpenPage, 'dirty'>,
  ): void {
    const key = keyOf(kind, context);
    const draft = this.#drafts.get(key);
    const page: OpenPage = { kind, context, panel, dirty: draft !== null };
    this.#open.set(key, page);
    const session = new PageSession(kind, context, this.services.process, {
      post: (message) => void panel.webview.postMessage(message),
      draftChanged: (next) => void this.#keepDraft(page, next),
      refused: (reason) => this.services.log.warn(`page=${key} message refused: ${reason}`),
    });
    const received = panel.webview.onDidReceiveMessage((message) => session.receive(message));
    panel.onDidDispose(() => {
      received.dispose();
      session.dispose();
      this.#open.delete(key);
      if (page.dirty) void this.#offerReturn(page);
    });
    panel.iconPath = vscode.Uri.joinPath(this.context.extensionUri, 'media', 'icon.png');
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#dist] };
    panel.webview.html = pageHtml(this.#htmlOptions(page, draft));
    this.#retitle();
  }

  #htmlOptions({ kind, context, panel }: OpenPage, draft: JsonValue): HtmlOptions {
    const { webview } = panel;
    const file = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#dist, name)).toString();
    return {
      files: {
        script: file(`${kind.id}.js`),
        style: file(`${kind.id}.css`),
        icons: file('codicon.css'),
      },
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      language: vscode.env.language,
      title: kind.title(context),
      start: {
        context,
        draft,
        known: kind.known?.(context) ?? null,
        texts: { ...vscode.l10n.bundle },
      },
    };
  }

  async #keepDraft(page: OpenPage, draft: JsonValue): Promise<void> {
    page.dirty = draft !== null;
    this.#retitle();
    await this.#drafts.set(keyOf(page.kind, page.context), draft);
  }

  async #offerReturn({ kind, context }: OpenPage): Promise<void> {
    const reopen = vscode.l10n.t('Open again');
    const discard = vscode.l10n.t('Discard');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('The changes to “{0}” are not saved. They are kept.', kind.title(context)),
      reopen,
      discard,
    );
    if (chosen === reopen) await this.open(kind.id, context);
    if (chosen === discard) await this.#drafts.set(keyOf(kind, context), null);
  }

  #load(): Promise<PageParts> {
    this.#parts ??= loadParts(this.services);
    return this.#parts;
  }

  #retitle(): void {
    for (const { kind, context, panel, dirty } of this.#open.values()) {
      const title = kind.title(context);
      const shown = dirty ? `● ${title}` : title;
      if (panel.title !== shown) panel.title = shown;
    }
  }
}

async function loadParts(services: PageServices) {
  const [{ createPageKinds }, { PageSession }, { pageHtml }, { contextOf }] = await Promise.all([
    import('./createPageKinds.ts'),
    import('./pageSession.ts'),
    import('./pageHtml.ts'),
    import('./contextOf.ts'),
  ]);
  return { kinds: createPageKinds(services), PageSession, pageHtml, contextOf };
}

function viewType(kind: Pick<PageKind, 'id'>): string {
  return `vmcp.${kind.id}`;
}

function keyOf(kind: PageKind, context: JsonObject): string {
  return `${kind.id} ${JSON.stringify(context)}`;
}
