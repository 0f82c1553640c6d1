import type { JsonObject } from '../../../contract/json.ts';
import { estimateTokens } from './estimateTokens.ts';

/**
 * How much of a model's context tools take, in tokens, estimated. Each is weighed once: schemas that
 * a server does not change, and lists of vMCPs until they are compiled anew, are remembered.
 */
export class ToolSizes {
  readonly #schemas = new WeakMap<JsonObject, number>();
  readonly #lists = new WeakMap<readonly JsonObject[], readonly number[]>();

  /** Of what a model sees of a tool: its name, description and input schema. */
  ofTool({ name, description, inputSchema }: JsonObject): number {
    const head = estimateTokens(JSON.stringify({ name, description }));
    return head + this.#ofSchema(inputSchema);
  }

  /** Of each tool of a list, which must not change later. */
  ofTools(tools: readonly JsonObject[]): readonly number[] {
    const known = this.#lists.get(tools);
    if (known) return known;
    const sizes = tools.map((tool) => this.ofTool(tool));
    this.#lists.set(tools, sizes);
    return sizes;
  }

  #ofSchema(schema: JsonObject[string]): number {
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return 0;
    const known = this.#schemas.get(schema);
    if (known !== undefined) return known;
    const size = estimateTokens(JSON.stringify(schema));
    this.#schemas.set(schema, size);
    return size;
  }
}

/** Of all of them together. */
export function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
