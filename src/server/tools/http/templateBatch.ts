import { isJsonObject, type JsonObject, type JsonValue } from '../../../contract/json.ts';

/** What stands there once the batch is rendered; undefined or null: nothing, it is left out. */
export type Rendered<T> = () => T;

/**
 * The templates of one request, rendered together, so that a reference in several of them is
 * evaluated once and independent ones run side by side.
 */
export class TemplateBatch {
  readonly #templates = new Map<string, string>();
  #rendered: JsonObject = {};

  /** @param place where the author wrote it, for messages */
  text(template: string, place: string): Rendered<JsonValue | undefined> {
    if (!/@|\{\{/.test(template)) return () => template;
    let key = place;
    for (let number = 2; this.#templates.has(key); number += 1) key = `${place} (${number})`;
    this.#templates.set(key, template);
    return () => this.#rendered[key];
  }

  /**
   * A JSON value whose strings are templates. Members and items whose template gives nothing (a
   * missing optional parameter) are left out; a null that the author wrote stays.
   */
  value(value: JsonValue, place: string): Rendered<JsonValue | undefined> {
    if (typeof value === 'string') return this.text(value, place);
    if (Array.isArray(value)) {
      const items = value.map((item, index) => this.#part(item, `${place}[${index}]`));
      return () => items.map((item) => item()).filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) return () => value;
    const members = Object.entries(value).map(([name, member = null]) => {
      return [name, this.#part(member, `${place}.${name}`)] as const;
    });
    return () => {
      const present = members.map(([name, member]) => [name, member()] as const);
      return Object.fromEntries(present.filter(([, member]) => member !== undefined));
    };
  }

  /** Renders all that was added. */
  async render(render: (value: JsonValue) => Promise<JsonValue>): Promise<void> {
    if (this.#templates.size === 0) return;
    const rendered = await render(Object.fromEntries(this.#templates));
    if (isJsonObject(rendered)) this.#rendered = rendered;
  }

  #part(value: JsonValue, place: string): Rendered<JsonValue | undefined> {
    const rendered = this.value(value, place);
    return typeof value === 'string' ? () => rendered() ?? undefined : rendered;
  }
}

/** A rendered value as text: strings as they are, nothing for null, everything else as JSON. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
