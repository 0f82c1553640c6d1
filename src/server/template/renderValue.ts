import type { JsonValue } from '../../contract/json.ts';
import { Unfinished } from './composer.ts';
import { parseTemplate } from './parseTemplate.ts';
import type { Rendering, RenderOptions } from './rendering.ts';
import type { Template } from './template.ts';
import { TemplateError } from './templateError.ts';
import type { TemplateScope } from './templateScope.ts';
import { withRendering } from './withRendering.ts';

export interface RenderValueOptions extends Partial<RenderOptions> {
  /** How strings become templates; a cache's `parse` for values that are rendered again and again. */
  parse?: (text: string) => Template;
}

/** A rendered value, or how to get it once everything else is known to be well. */
type Prepared = JsonValue | (() => Promise<JsonValue>);

const maxDepth = 100;

/**
 * Renders all strings in a value, at any depth; names of members are no templates. A string that is
 * one reference and nothing else becomes its value. Equal references are evaluated once for all.
 * @throws TemplateError whose detail says where, e.g. `arguments.list[0].name: line 1, column 4: …`
 */
export async function renderValue(
  value: JsonValue,
  scope: TemplateScope,
  { parse = parseTemplate, place = 'value', ...options }: RenderValueOptions = {},
): Promise<JsonValue> {
  return await withRendering(scope, { place, ...options }, async (rendering) =>
    settle(new Preparation(rendering, parse).prepare(value, place, 1)),
  );
}

class Preparation {
  constructor(
    private readonly rendering: Rendering,
    private readonly parse: (text: string) => Template,
  ) {}

  prepare(value: JsonValue, place: string, depth: number): Prepared {
    if (depth > maxDepth) throw new TemplateError(`Nested deeper than ${maxDepth} levels`, place);
    if (typeof value === 'string') return this.#string(value, place);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item, index) => this.prepare(item, `${place}[${index}]`, depth + 1));
      return allReady(items) ? items : () => Promise.all(items.map(settle));
    }
    const names = Object.keys(value);
    const members = names.map((name) =>
      this.prepare(value[name] ?? null, `${place}.${name}`, depth + 1),
    );
    const named = (rendered: readonly JsonValue[]) =>
      Object.fromEntries(names.map((name, index) => [name, rendered[index]]));
    return allReady(members)
      ? named(members)
      : async () => named(await Promise.all(members.map(settle)));
  }

  #string(text: string, place: string): Prepared {
    const composed = this.rendering.compose(this.parse(text), place);
    return composed instanceof Unfinished ? () => this.rendering.finish(composed) : composed;
  }
}

function allReady(values: Prepared[]): values is JsonValue[] {
  return values.every((value) => typeof value !== 'function');
}

async function settle(prepared: Prepared): Promise<JsonValue> {
  return typeof prepared === 'function' ? await prepared() : prepared;
}
