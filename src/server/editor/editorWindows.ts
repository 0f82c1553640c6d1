import type { ServerEvent } from '../../contract/events.ts';

/** A type, not an interface: it is passed on as JSON. */
export type Folder = { uri: string; name: string };

/** One connected window of VS Code that can be asked. */
export interface EditorWindow {
  send(event: ServerEvent): void;
}

interface Known {
  folders: readonly Folder[];
  /** Which came to the front later has the greater one. */
  rank: number;
}

/** The windows that can be asked: the one in front first. */
export class EditorWindows {
  readonly #known = new Map<EditorWindow, Known>();
  readonly #onGone = new Set<(window: EditorWindow) => void>();
  readonly #onFolders = new Set<() => void>();
  #count = 0;

  /** The one that was in front last, else the one that came last. */
  get front(): EditorWindow | undefined {
    return this.#best(() => true);
  }

  /** A window came, or tells its folders anew. */
  take(window: EditorWindow, folders: readonly Folder[], isFocused: boolean): void {
    const before = this.#known.get(window);
    // windows that are behind keep their order, after all that were ever in front
    const rank = isFocused ? ++this.#count : (before?.rank ?? 0);
    this.#known.delete(window);
    this.#known.set(window, { folders, rank });
    if (JSON.stringify(before?.folders) !== JSON.stringify(folders)) this.#foldersChanged();
  }

  focused(window: EditorWindow): void {
    const known = this.#known.get(window);
    if (known) known.rank = ++this.#count;
  }

  release(window: EditorWindow): void {
    if (!this.#known.delete(window)) return;
    for (const listener of [...this.#onGone]) listener(window);
    this.#foldersChanged();
  }

  has(window: EditorWindow): boolean {
    return this.#known.has(window);
  }

  /** Of a window that is still there. */
  foldersOf(window: EditorWindow): readonly Folder[] {
    return this.#known.get(window)?.folders ?? [];
  }

  /** The window in front among those with folders. */
  get frontWithFolders(): EditorWindow | undefined {
    return this.#best(({ folders }) => folders.length > 0);
  }

  onGone(listener: (window: EditorWindow) => void): () => void {
    this.#onGone.add(listener);
    return () => this.#onGone.delete(listener);
  }

  onFoldersChanged(listener: () => void): () => void {
    this.#onFolders.add(listener);
    return () => this.#onFolders.delete(listener);
  }

  #best(fits: (known: Known) => boolean): EditorWindow | undefined {
    let best: [EditorWindow, Known] | undefined;
    for (const entry of this.#known) {
      if (fits(entry[1]) && entry[1].rank >= (best?.[1].rank ?? 0)) best = entry;
    }
    return best?.[0];
  }

  #foldersChanged(): void {
    for (const listener of [...this.#onFolders]) listener();
  }
}
