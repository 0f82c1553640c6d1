/** Owns what has to be given back; disposes in reverse order, late additions at once. */
export class Disposables {
  readonly #items: { dispose(): unknown }[] = [];
  #disposed = false;

  add<T extends { dispose(): unknown }>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}
