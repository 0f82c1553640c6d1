import { type HttpTool, httpToolSchema } from '../../../src/contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { RenderTrail } from '../../../src/server/template/renderTrail.ts';
import { renderValue } from '../../../src/server/template/renderValue.ts';
import { convertArguments } from '../../../src/server/tools/variables.ts';

/** A valid HTTP tool; only what a test is about need be given. */
export function makeTool(
  api: JsonObject & { url: string },
  variables: JsonValue[] = [],
  name = 'tool',
): HttpTool {
  return httpToolSchema.parse({ tool_type: 'http', name, variables, api_config: api });
}

export interface ContextOptions {
  config?: JsonObject;
  signal?: AbortSignal;
}

/** What a run of a tool gets: its arguments as a call checks them, and templates over them. */
export function makeContext(tool: HttpTool, args: JsonObject, options: ContextOptions = {}) {
  const { config = {}, signal = new AbortController().signal } = options;
  const checked = convertArguments(tool.variables, args);
  const own = (object: JsonObject, name: string) =>
    Object.hasOwn(object, name) ? object[name] : undefined;
  return {
    signal,
    render: (value: JsonValue, extra?: JsonObject) =>
      renderValue(value, {
        param: (name) => own(checked, name) ?? own(config, name),
        config: (name) => own(config, name),
        isOptional: (name) => tool.variables.some((v) => v.name === name && !v.required),
        ...(extra && { context: extra }),
        trail: RenderTrail.start,
        signal,
      }),
  };
}

/** The text of a result's first content item. */
export function textOf(result: JsonObject): string {
  const [first] = result.content as JsonObject[];
  return String(first?.text);
}
