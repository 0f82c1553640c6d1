import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { type ParamHeader, paramHeadersOf } from '../../protocol/paramHeaders.ts';
import type { CatalogRecord } from '../../store/records.ts';

interface Listed {
  tools: ReadonlyMap<string, JsonObject>;
  headers: Map<string, readonly ParamHeader[]>;
}

const none: readonly ParamHeader[] = [];

/** The tools of a cached catalog by their names; each schema is read once, when its tool is called. */
export class ListedTools {
  readonly #known = new WeakMap<CatalogRecord, Listed>();

  get(catalog: CatalogRecord | undefined, name: string): Readonly<JsonObject> | undefined {
    return catalog && this.#listed(catalog).tools.get(name);
  }

  /** The `Mcp-Param-…` headers that a tool wants. */
  paramHeaders(catalog: CatalogRecord | undefined, name: string): readonly ParamHeader[] {
    if (catalog === undefined) return none;
    const { tools, headers } = this.#listed(catalog);
    const known = headers.get(name);
    if (known !== undefined) return known;
    const schema = tools.get(name)?.inputSchema;
    const found = (isJsonObject(schema) && paramHeadersOf(schema)) || none;
    headers.set(name, found);
    return found;
  }

  #listed(catalog: CatalogRecord): Listed {
    const known = this.#known.get(catalog);
    if (known !== undefined) return known;
    const named = catalog.tools.map((tool): [string, JsonObject] => [String(tool.name), tool]);
    const listed = { tools: new Map(named), headers: new Map<string, readonly ParamHeader[]>() };
    this.#known.set(catalog, listed);
    return listed;
  }
}
