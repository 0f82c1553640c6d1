import type { CustomTool, StoredResource, Variable } from '../../../contract/customItems.ts';
import type { ListKind } from '../../../contract/events.ts';
import type { JsonObject } from '../../../contract/json.ts';
import type { VmcpProblem, VmcpRecord } from '../../../contract/vmcps.ts';

/** Where a listed tool comes from, and how its arguments are completed on the way. */
export interface ToolRoute {
  /** `ownItems` for a tool of the vMCP's own. */
  serverId: string;
  /** The upstream's own name. */
  name: string;
  listedName: string;
  /** `server.tool`, the form REST lists. */
  canonicalName: string;
  /** Fixed and default arguments that are templates, to be rendered before they are added. */
  authored: JsonObject | undefined;
  /**
   * Adds fixed and default arguments.
   * @param rendered those of `authored` as they came out
   * @throws ArgumentError that names an argument the client may not send
   */
  applyArguments(sent: JsonObject, rendered?: JsonObject): JsonObject;
  /** The tool itself where it is the vMCP's own. */
  own?: CustomTool;
}

/** A tool of a server that changed, or is new, and is neither listed nor called. */
export interface HeldTool {
  server: string;
  tool: string;
}

export interface PromptRoute {
  /** `ownItems` for a prompt of the vMCP's own. */
  serverId: string;
  name: string;
  listedName: string;
  canonicalName: string;
  /** The prompt itself where it is the vMCP's own; prompt tools are prompts, too. */
  own?: OwnPrompt;
}

/** A prompt of the vMCP's own: messages of templates. */
export interface OwnPrompt {
  name: string;
  variables: readonly Variable[];
  messages: readonly { role: 'user' | 'assistant'; text: string }[];
}

export interface ResourceRoute {
  /** `ownItems` for a resource of the vMCP's own. */
  serverId: string;
  /** The upstream's own URI. */
  uri: string;
  /** The resource itself where it is the vMCP's own. */
  own?: StoredResource;
}

/**
 * A vMCP with everything computed that depends only on its configuration and the cached catalogs:
 * made anew when one of them changes, so that a call costs two map look-ups.
 */
export interface CompiledVmcp {
  readonly record: VmcpRecord;
  /** Hash of the lists. */
  readonly revision: string;
  /** One hash a list, to tell which changed. */
  readonly revisions: Readonly<Record<ListKind, string>>;
  readonly problems: readonly VmcpProblem[];
  /** Enabled selected servers, by priority. */
  readonly serverIds: readonly string[];
  /** The same servers with their names. */
  readonly servers: readonly { id: string; name: string }[];
  /** `serverInfo.name`: legal, unique among the vMCPs in its first 13 characters. */
  readonly serverName: string;
  readonly instructions: string;
  /** Union of what the upstreams can, reduced to what is relayed; `listChanged`, `subscribe` and logging always. */
  readonly capabilities: JsonObject;

  /** Lists as MCP shows them, in a deterministic order. */
  readonly tools: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  /** The same under canonical names, for REST. */
  readonly canonicalTools: readonly JsonObject[];
  readonly canonicalPrompts: readonly JsonObject[];

  /** By listed or canonical name; what is not selected is not found. */
  resolveTool(name: string): ToolRoute | undefined;
  /** A tool that waits for the acceptance of its change, by the name it is listed under otherwise. */
  heldTool(name: string): HeldTool | undefined;
  resolvePrompt(name: string): PromptRoute | undefined;
  /**
   * By listed URI, else (for unlisted ones) the server that last mentioned it to this client, else
   * the selected templates that match, best first. Empty: nowhere.
   */
  resolveResource(uri: string, mentionedBy: string | undefined): readonly ResourceRoute[];
  /** A resource of the vMCP's own, by name. */
  ownResource(name: string): ResourceRoute | undefined;
  /** A listed template (completion references use it). */
  resolveTemplate(uriTemplate: string): ResourceRoute | undefined;
  /** A server's own URI as this vMCP lists it. */
  listedUri(serverId: string, uri: string): string;
  /**
   * A result or notification of a server with its contested URIs as listed (links, embedded
   * resources, contents, `_meta.ui.resourceUri`, `updated`). The same object where nothing is contested.
   */
  rewriteUris(serverId: string, value: JsonObject): JsonObject;
}
