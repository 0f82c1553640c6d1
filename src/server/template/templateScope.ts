import type { JsonObject, JsonValue } from '../../contract/json.ts';
import type { RenderTrail } from './renderTrail.ts';

/** What a template is rendered with. */
export interface TemplateScope {
  /**
   * A parameter: arguments of what is rendered, their defaults, then `active_config`; undefined where
   * there is none. May throw UnresolvedError for values that may not be told here (secrets, where the
   * template comes from a client).
   */
  param(name: string): JsonValue | undefined;
  /** A value of `active_config`; like `param`. */
  config(name: string): JsonValue | undefined;
  /** Whether a parameter may be missing; it is empty then. */
  isOptional(name: string): boolean;
  /** Further names for Mustache, before the parameters: steps, an item, an answer. */
  context?: JsonObject;
  /** Reaches tools, resources and prompts; without it references to them are refused. */
  references?: ReferenceResolver;
  /** What is being rendered around this, so that nothing renders itself. */
  trail: RenderTrail;
  /** Ends the rendering. */
  signal: AbortSignal;
}

/**
 * Reaches the items of a vMCP. Names are as written, e.g. `server.tool`, `vmcp.name`, `name`;
 * itemNames.ts resolves them. What renders templates itself enters the trail first.
 * @throws UnresolvedError for a name that leads nowhere; any error where it fails
 */
export interface ReferenceResolver {
  /** @returns a CallToolResult */
  tool(
    name: string,
    args: JsonObject,
    trail: RenderTrail,
    signal: AbortSignal,
  ): Promise<JsonObject>;
  /** @returns a ReadResourceResult */
  resource(name: string, trail: RenderTrail, signal: AbortSignal): Promise<JsonObject>;
  /** @returns a GetPromptResult */
  prompt(
    name: string,
    args: JsonObject,
    trail: RenderTrail,
    signal: AbortSignal,
  ): Promise<JsonObject>;
}
