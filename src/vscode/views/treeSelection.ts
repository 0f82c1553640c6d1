import type { Node } from './nodes.ts';

/** What is selected in the trees, for commands that a key calls: VS Code hands them no item. */
export class TreeSelection {
  readonly #views = new Map<string, { readonly selection: readonly Node[] }>();

  follow(viewId: string, view: { readonly selection: readonly Node[] }): void {
    this.#views.set(viewId, view);
  }

  /** The selected items of a view, the first selected first. */
  in(viewId: string): readonly Node[] {
    return this.#views.get(viewId)?.selection ?? [];
  }
}
