/** Ids of elements for names that may hold anything; the same name keeps its id. */
export class FieldIds {
  readonly #ids = new Map<string, string>();

  of(name: string): string {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = `f${this.#ids.size + 1}`;
    this.#ids.set(name, id);
    return id;
  }
}
