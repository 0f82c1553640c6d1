import type { JsonObject, JsonValue } from '../../../contract/json.ts';

/** What stands there once the batch is rendered; undefined or null: nothing, it is left out. */
export type Rendered<T> = () => T;

/**
 * The templates of one request, rendered together, so that a reference in several of them is
 * evaluated once and independent ones run side by side.
 */
export class TemplateBatch {
  readonly #templates = new Map<string, JsonValue | undefined>();

  /** A text of the tool's author. */
  text(template: string): Rendered<JsonValue | undefined> {
    if (!/@|\{\{/.test(template)) return () => template;
    this.#templates.set(template, undefined);
    return () => this.#templates.get(template);
  }

  /**
   * A JSON value whose strings are templates. Members and items whose template gives nothing (a
   * missing optional parameter) are left out; a null that the author wrote stays.
   */
  value(value: JsonValue): Rendered<JsonValue | undefined> {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#part(item));
      return () => items.map((item) => item()).filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) return () => value;
    const members = Object.entries(value).map(([name, member]) => {
      return [name, this.#part(member ?? null)] as const;
    });
    return () => {
      const present = members.map(([name, member]) => [name, member()] as const);
      return Object.fromEntries(present.filter(([, member]) => member !== undefined));
    };
  }

  /** Renders all that was added. */
  async render(render: (value: JsonValue) => Promise<JsonValue>): Promise<void> {
    const texts = [...this.#templates.keys()];
    if (texts.length === 0) return;
    // As members, not as items: the renderer may leave out those that give nothing.
    const rendered = (await render(
      Object.fromEntries(texts.map((text, index) => [`t${index}`, text])),
    )) as JsonObject;
    for (const [index, text] of texts.entries()) this.#templates.set(text, rendered[`t${index}`]);
  }

  #part(value: JsonValue): Rendered<JsonValue | undefined> {
    const rendered = this.value(value);
    if (typeof value !== 'string') return rendered;
    return () => rendered() ?? undefined;
  }
}

/** A rendered value as text: strings as they are, nothing for null, everything else as JSON. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
