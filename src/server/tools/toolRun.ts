import type { JsonObject, JsonValue } from '../../contract/json.ts';
import type { Caller } from '../upstream/caller.ts';

/** How a run of a custom tool reaches the rest of its vMCP. */
export interface ToolContext {
  vmcpId: string;
  /** Converted and checked arguments, defaults filled in. */
  arguments: JsonObject;
  /** `active_config` with its secrets: for what the vMCP's author wrote. */
  config(): JsonObject;
  caller: Caller;
  signal: AbortSignal;
  /** Renders templates in a value: whole-string references keep their type. @throws TemplateError */
  render(value: JsonValue, extra?: JsonObject): Promise<JsonValue>;
  /** Renders a template to content blocks: an image from a tool stays one. @throws TemplateError */
  renderContent(text: string): Promise<JsonObject[]>;
  /**
   * Calls any tool of the vMCP, by listed or canonical name.
   * @param signal ends the call before `signal` of the context does
   * @returns a CallToolResult
   */
  callTool(name: string, args: JsonObject, signal?: AbortSignal): Promise<JsonObject>;
  /** Tells the client how far it is. */
  progress(done: number, total: number, message: string): void;
}

/** What a run gave, and what the try-out shows beside the result. */
export interface ToolOutcome {
  /** CallToolResult */
  result: JsonObject;
  /** What the tool printed (Python). */
  printed?: string;
  /** The request as it was sent, secrets masked (HTTP). */
  resolved_request?: JsonObject;
}
