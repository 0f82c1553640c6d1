import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { RenderTrail } from '../../../src/server/template/renderTrail.ts';
import { UnresolvedError } from '../../../src/server/template/templateError.ts';
import type {
  ReferenceResolver,
  TemplateScope,
} from '../../../src/server/template/templateScope.ts';

interface TestScope {
  params?: JsonObject;
  config?: JsonObject;
  optional?: readonly string[];
  context?: JsonObject;
  references?: ReferenceResolver;
  signal?: AbortSignal;
  trail?: RenderTrail;
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
    param: (name) => own(params, name) ?? key(name),
    config: key,
    isOptional: (name) => optional.includes(name),
    trail: RenderTrail.start,
    signal: new AbortController().signal,
    ...rest,
  };
}

/** Items that answer by name and remember what they were asked. */
export class TestItems implements ReferenceResolver {
  readonly asked: string[] = [];

  constructor(
    private readonly items: Record<string, (args: JsonObject, signal: AbortSignal) => Answer>,
  ) {}

  tool(name: string, args: JsonObject, _trail: RenderTrail, signal: AbortSignal) {
    return this.#answer('tool', name, args, signal);
  }

  resource(name: string, _trail: RenderTrail, signal: AbortSignal) {
    return this.#answer('resource', name, {}, signal);
  }

  prompt(name: string, args: JsonObject, _trail: RenderTrail, signal: AbortSignal) {
    return this.#answer('prompt', name, args, signal);
  }

  async #answer(kind: string, name: string, args: JsonObject, signal: AbortSignal) {
    this.asked.push(`${kind} ${name} ${JSON.stringify(args)}`);
    const item = Object.hasOwn(this.items, name) ? this.items[name] : undefined;
    if (!item) throw new UnresolvedError(`There is no ${kind} “${name}”`, name);
    return await item(args, signal);
  }
}

type Answer = JsonObject | Promise<JsonObject>;

/** A CallToolResult of one text. */
export function text(text: string): JsonObject {
  return { content: [{ type: 'text', text }] };
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
