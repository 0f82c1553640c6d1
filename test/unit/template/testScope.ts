import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { parseTemplate } from '../../../src/server/template/parseTemplate.ts';
import { renderText } from '../../../src/server/template/renderTemplate.ts';
import { RenderTrail } from '../../../src/server/template/renderTrail.ts';
import { UnresolvedError } from '../../../src/server/template/templateError.ts';
import type {
  ReferenceResolver,
  TemplateScope,
} from '../../../src/server/template/templateScope.ts';

interface TestScope extends Partial<Omit<TemplateScope, 'param' | 'config' | 'isOptional'>> {
  params?: JsonObject;
  config?: JsonObject;
  optional?: readonly string[];
}

/** A scope over plain objects, with the rules of prompts: parameters, then the configuration. */
export function testScope({
  params = {},
  config = {},
  optional = [],
  ...rest
}: TestScope = {}): TemplateScope {
  const key = (name: string) => own(config, name);
  return {
    param: (name) => (Object.hasOwn(params, name) ? params[name] : key(name)),
    config: key,
    isOptional: (name) => optional.includes(name),
    trail: RenderTrail.start,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** What an item does when it is asked. */
export type TestItem = (
  args: JsonObject,
  trail: RenderTrail,
  signal: AbortSignal,
) => JsonObject | Promise<JsonObject>;

/** Items by the names that references have for them; it remembers what they were asked. */
export class TestItems implements ReferenceResolver {
  readonly asked: string[] = [];

  constructor(private readonly items: Record<string, TestItem>) {}

  tool(name: string, args: JsonObject, trail: RenderTrail, signal: AbortSignal) {
    return this.#ask('tool', name, args, trail, signal);
  }

  resource(name: string, trail: RenderTrail, signal: AbortSignal) {
    return this.#ask('resource', name, {}, trail, signal);
  }

  prompt(name: string, args: JsonObject, trail: RenderTrail, signal: AbortSignal) {
    return this.#ask('prompt', name, args, trail, signal);
  }

  /** A tool of the vMCP's own that renders a template with its arguments and the same items. */
  template(name: string, text: string, config: JsonObject = {}): this {
    this.items[name] = async (params, trail, signal) => {
      const scope = {
        params,
        config,
        references: this,
        trail: trail.enter(`tool ${name}`),
        signal,
      };
      return textResult(await renderText(parseTemplate(text), testScope(scope)));
    };
    return this;
  }

  async #ask(
    kind: string,
    name: string,
    args: JsonObject,
    trail: RenderTrail,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    this.asked.push(`${kind} ${name} ${JSON.stringify(args)}`);
    const item = Object.hasOwn(this.items, name) ? this.items[name] : undefined;
    if (!item) throw new UnresolvedError(`There is no ${kind} “${name}”`, name);
    return await item(args, trail, signal);
  }
}

/** A CallToolResult of one text. */
export function textResult(text: string): JsonObject {
  return { content: [{ type: 'text', text }] };
}

/** A GetPromptResult of user messages. */
export function promptResult(...texts: string[]): JsonObject {
  return {
    messages: texts.map((text) => ({ role: 'user', content: { type: 'text', text } })),
  };
}

/** A ReadResourceResult of one text. */
export function resourceResult(text: string): JsonObject {
  return { contents: [{ uri: 'x:', text }] };
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
