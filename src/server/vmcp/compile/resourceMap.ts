import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { mapUris } from '../naming/uriRewriting.ts';
import { isTagOf, parseRewritten, rewriteUri } from '../naming/uris.ts';
import { type MatchBudget, matchBudget, UriTemplateMatcher } from '../naming/uriTemplate.ts';
import type { ResourceRoute } from './compiledVmcp.ts';
import type { ServerPart } from './serverPart.ts';

/** A resource or template and the address under which it is listed. */
export interface ListedRoute extends ResourceRoute {
  listed: string;
}

/** Where URIs must not lead, though a template or a mention would take them there. */
export interface ResourceLimits {
  /** By server: URIs that it has and the vMCP does not offer. */
  withheld: ReadonlyMap<string, ReadonlySet<string>>;
  /** Formerly listed URIs: the server that clients with an old list mean. */
  reserved: ReadonlyMap<string, string>;
}

interface TemplateRoute extends ListedRoute {
  /** Of the server's own template. */
  matcher: UriTemplateMatcher;
}

/** Which server a URI leads to, and what a server's URI is called here. */
export class ResourceMap {
  readonly #resources = new Map<string, ResourceRoute>();
  readonly #templates = new Map<string, ResourceRoute>();
  /** Best first. */
  readonly #matchers: readonly TemplateRoute[];
  readonly #parts: ReadonlyMap<string, ServerPart>;
  /** By server: own URI → listed, for the rewritten ones. */
  readonly #rewritten = new Map<string, Map<string, string>>();
  /** Servers whose results may hold URIs that are called otherwise here. */
  readonly #contested = new Set<string>();

  constructor(
    parts: readonly ServerPart[],
    resources: readonly ListedRoute[],
    templates: readonly ListedRoute[],
    private readonly limits: ResourceLimits,
  ) {
    this.#parts = new Map(parts.map((part) => [part.part.server_id, part]));
    for (const { serverId, uri, listed } of resources) {
      this.#resources.set(listed, { serverId, uri });
    }
    for (const { serverId, uri, listed } of templates) {
      this.#templates.set(listed, { serverId, uri });
    }
    this.#matchers = templates
      .map((route) => ({ ...route, matcher: new UriTemplateMatcher(route.uri) }))
      .sort((a, b) => compareMatchers(a.matcher, b.matcher));
    for (const { serverId, uri, listed } of [...resources, ...templates]) {
      if (uri === listed) continue;
      const ofServer = this.#rewritten.get(serverId) ?? new Map<string, string>();
      this.#rewritten.set(serverId, ofServer.set(uri, listed));
    }
    for (const { part } of parts) {
      const { server_id } = part;
      const others =
        resources.some(({ serverId }) => serverId !== server_id) || limits.reserved.size > 0;
      if (this.#rewritten.has(server_id) || (others && this.#hasResources(server_id))) {
        this.#contested.add(server_id);
      }
    }
  }

  /** See `CompiledVmcp.resolveResource`. */
  resolve(uri: string, mentionedBy: string | undefined): readonly ResourceRoute[] {
    const listed = this.#resources.get(uri);
    if (listed) return [listed];
    const routes: ResourceRoute[] = [];
    const reserved = this.limits.reserved.get(uri);
    const add = (serverId: string, own: string) => {
      const known = routes.some((route) => route.serverId === serverId);
      const elsewhere = (reserved ?? serverId) !== serverId;
      if (known || elsewhere || this.limits.withheld.get(serverId)?.has(own)) return;
      routes.push({ serverId, uri: own });
    };
    const budget = matchBudget();
    const rewritten = this.#parseRewritten(uri);
    if (mentionedBy !== undefined && this.#parts.has(mentionedBy)) {
      add(mentionedBy, rewritten?.serverId === mentionedBy ? rewritten.uri : uri);
    }
    if (rewritten && this.#isOffered(rewritten, budget)) add(rewritten.serverId, rewritten.uri);
    for (const template of this.#matchers) {
      const plain = template.listed === template.uri || template.serverId === reserved;
      if (plain && template.matcher.matches(uri, budget)) add(template.serverId, uri);
    }
    return routes;
  }

  /** See `CompiledVmcp.resolveTemplate`. */
  resolveTemplate(uriTemplate: string): ResourceRoute | undefined {
    return this.#templates.get(uriTemplate);
  }

  /**
   * See `CompiledVmcp.listedUri`. Unlisted URIs are rewritten where they would lead elsewhere: another
   * server lists (or listed) the same, or the server's own template for it is rewritten.
   */
  listedUri(serverId: string, uri: string): string {
    if (!this.#contested.has(serverId)) return uri;
    const ofServer = this.#rewritten.get(serverId);
    const listed = ofServer?.get(uri);
    if (listed !== undefined) return listed;
    const holder = this.#resources.get(uri)?.serverId ?? this.limits.reserved.get(uri);
    if (holder === serverId) return uri;
    const elsewhere = holder !== undefined && this.#hasResources(serverId);
    if (!elsewhere && !(ofServer && this.#isOfRewrittenTemplate(serverId, uri))) return uri;
    return rewriteUri(this.#parts.get(serverId)?.tag ?? '', uri);
  }

  /** See `CompiledVmcp.rewriteUris`. */
  rewrite(serverId: string, value: JsonObject): JsonObject {
    if (!this.#contested.has(serverId)) return value;
    return mapUris(value, (uri) => this.listedUri(serverId, uri));
  }

  #hasResources(serverId: string): boolean {
    return isJsonObject(this.#parts.get(serverId)?.catalog?.capabilities.resources);
  }

  #parseRewritten(uri: string): ResourceRoute | undefined {
    const parsed = parseRewritten(uri);
    if (!parsed) return undefined;
    for (const serverId of this.#parts.keys()) {
      if (isTagOf(parsed.tag, serverId)) return { serverId, uri: parsed.uri };
    }
    return undefined;
  }

  #isOffered({ serverId, uri }: ResourceRoute, budget: MatchBudget): boolean {
    const listed = this.#rewritten.get(serverId)?.get(uri) ?? uri;
    if (this.#resources.get(listed)?.serverId === serverId) return true;
    return this.#matchers.some(
      (template) => template.serverId === serverId && template.matcher.matches(uri, budget),
    );
  }

  #isOfRewrittenTemplate(serverId: string, uri: string): boolean {
    const budget = matchBudget();
    return this.#matchers.some(
      (template) =>
        template.serverId === serverId &&
        template.listed !== template.uri &&
        template.matcher.matches(uri, budget),
    );
  }
}

/** The more text outside expressions the better, then the fewer expressions that take anything. */
function compareMatchers(a: UriTemplateMatcher, b: UriTemplateMatcher): number {
  return b.literalLength - a.literalLength || a.openExpressions - b.openExpressions;
}
