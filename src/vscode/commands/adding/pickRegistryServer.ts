import * as vscode from 'vscode';
import type { RegistryPage, RegistryServer } from '../../../contract/registry.ts';
import type { AddingClient, RegistrySearch } from '../../../serverLink/addingClient.ts';
import { messageOf } from '../../../serverLink/linkError.ts';
import { linkOf, type RegistryItem, registryItems } from './registryItems.ts';
import { registryTitle } from './registryTitle.ts';

/** Typing is followed after such a pause. */
const pauseMs = 200;
/** A registry that is still being read is looked at again after this time. */
const againMs = 1_000;

/** Searches the registry while the user types. */
export class RegistryPick {
  readonly #pick = vscode.window.createQuickPick<RegistryItem>();
  #search: RegistrySearch;
  #servers: readonly RegistryServer[] = [];
  #categories: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #abort = new AbortController();

  /** @param search what was searched for before */
  constructor(
    private readonly client: () => AddingClient,
    search: Pick<RegistrySearch, 'search' | 'category'>,
  ) {
    this.#search = { ...search, page: 1, refresh: false };
  }

  /** What was searched for, to come back to it. */
  get search(): Pick<RegistrySearch, 'search' | 'category'> {
    return this.#search;
  }

  /** The chosen server; undefined where the user gave up. */
  async show(): Promise<RegistryServer | undefined> {
    const pick = this.#pick;
    pick.title = vscode.l10n.t('MCP servers to add');
    pick.placeholder = vscode.l10n.t('Search by name or purpose');
    pick.ignoreFocusOut = true;
    pick.value = this.#search.search;
    pick.buttons = [refreshButton(), categoryButton()];
    try {
      return await new Promise<RegistryServer | undefined>((resolve) => {
        pick.onDidChangeValue((search) => this.#look({ search, page: 1 }, pauseMs));
        pick.onDidTriggerItemButton(({ item }) => void openPageOf(item));
        pick.onDidTriggerButton(({ tooltip }) => {
          if (tooltip === refreshButton().tooltip) this.#look({ refresh: true, page: 1 }, 0);
          else void this.#chooseCategory();
        });
        pick.onDidAccept(() => {
          const [item] = pick.activeItems;
          if (item?.server) resolve(item.server);
          else if (item?.isMore) this.#look({ page: this.#search.page + 1 }, 0);
        });
        pick.onDidHide(() => {
          if (!this.#isAskingCategory) resolve(undefined);
        });
        pick.show();
        this.#look({}, 0);
      });
    } finally {
      clearTimeout(this.#timer);
      this.#abort.abort();
      pick.dispose();
    }
  }

  #isAskingCategory = false;

  /** A second list hides the first one for a moment. */
  async #chooseCategory(): Promise<void> {
    this.#isAskingCategory = true;
    const all = { label: vscode.l10n.t('All categories'), category: '' };
    const items = this.#categories.map((category) => ({ label: category, category }));
    const placeHolder = vscode.l10n.t('Show one category only');
    const chosen = await vscode.window.showQuickPick([all, ...items], { placeHolder });
    this.#isAskingCategory = false;
    this.#pick.show();
    if (chosen) this.#look({ category: chosen.category, page: 1 }, 0);
  }

  #look(change: Partial<RegistrySearch>, delay: number): void {
    this.#search = { ...this.#search, refresh: false, ...change };
    clearTimeout(this.#timer);
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#pick.busy = true;
    this.#timer = setTimeout(() => void this.#read(abort.signal), delay);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const search = this.#search;
    try {
      const page = await this.client().registry(search, signal);
      if (!signal.aborted) this.#showPage(page);
    } catch (error) {
      if (signal.aborted) return;
      this.#pick.busy = false;
      this.#pick.items = [{ label: `$(error) ${messageOf(error)}`, alwaysShow: true }];
    }
  }

  #showPage(page: RegistryPage): void {
    const before = page.page === 1 ? [] : this.#servers;
    this.#servers = [...before, ...page.servers];
    this.#categories = page.categories;
    const { activeItems } = this.#pick;
    const active = activeItems[0]?.server?.registry_id;
    this.#pick.keepScrollPosition = true;
    this.#pick.title = registryTitle(page, Date.now(), vscode.l10n.t);
    this.#pick.items = registryItems(this.#servers, page, vscode.l10n.t);
    const again = this.#pick.items.find(({ server }) => server?.registry_id === active);
    if (again && active !== undefined) this.#pick.activeItems = [again];
    const isLoading = page.registry.state === 'loading';
    this.#pick.busy = isLoading;
    // More may have come; a page that was turned to stays as it is.
    if (isLoading && page.page === 1) this.#look({}, againMs);
  }
}

async function openPageOf({ server }: RegistryItem): Promise<void> {
  const link = server ? linkOf(server) : '';
  if (link !== '') await vscode.env.openExternal(vscode.Uri.parse(link));
}

function refreshButton(): vscode.QuickInputButton {
  return {
    iconPath: new vscode.ThemeIcon('refresh'),
    tooltip: vscode.l10n.t('Ask the registry again'),
  };
}

function categoryButton(): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon('filter'), tooltip: vscode.l10n.t('Choose a category') };
}
