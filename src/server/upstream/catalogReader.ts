import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { RpcError } from '../../contract/jsonRpc.ts';
import type { Log } from '../log.ts';
import type { CatalogRecord } from '../store/records.ts';
import type { Connection } from './connection.ts';

export type CatalogLists = Pick<
  CatalogRecord,
  'tools' | 'resources' | 'resource_templates' | 'prompts'
>;

const maxPages = 1000;
const maxItems = 10_000;
const pageLimitMs = 60_000;

interface ListSpec {
  list: keyof CatalogLists;
  capability: 'tools' | 'resources' | 'prompts';
  method: string;
  /** Member of the result that holds the items. */
  member: string;
  /** Member that identifies an item. */
  key: string;
}

const specs: readonly ListSpec[] = [
  { list: 'tools', capability: 'tools', method: 'tools/list', member: 'tools', key: 'name' },
  {
    list: 'resources',
    capability: 'resources',
    method: 'resources/list',
    member: 'resources',
    key: 'uri',
  },
  {
    list: 'resource_templates',
    capability: 'resources',
    method: 'resources/templates/list',
    member: 'resourceTemplates',
    key: 'uriTemplate',
  },
  {
    list: 'prompts',
    capability: 'prompts',
    method: 'prompts/list',
    member: 'prompts',
    key: 'name',
  },
];

export interface CatalogSource {
  connection: Connection;
  /** The server's. */
  capabilities: JsonObject;
  previous: CatalogLists | undefined;
  log: Log;
  /** Whether a tool can be called at all. */
  mayUse(tool: JsonObject): boolean;
}

export interface ReadCatalog {
  lists: CatalogLists;
  /**
   * How long the server lets its lists be kept of whose changes it does not tell (MCP 2026-07-28,
   * server/utilities/caching); Infinity where it does not say.
   */
  ttlMs: number;
}

/**
 * Reads all pages of all lists that the server has, side by side. A list that it refuses stays as it was
 * before.
 * @throws UpstreamError where the server does not answer
 */
export async function readCatalog(source: CatalogSource): Promise<ReadCatalog> {
  const { capabilities, previous, log } = source;
  let ttlMs = Number.POSITIVE_INFINITY;
  const lists: CatalogLists = { tools: [], resources: [], resource_templates: [], prompts: [] };
  await Promise.all(
    specs.map(async (spec) => {
      const capability = capabilities[spec.capability];
      if (!isJsonObject(capability)) return;
      try {
        const read = await readList(source, spec);
        lists[spec.list] = read.items;
        if (capability.listChanged !== true) ttlMs = Math.min(ttlMs, read.ttlMs);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        log.warning('a list was refused', { method: spec.method, error: error.message });
        lists[spec.list] = previous?.[spec.list] ?? [];
      }
    }),
  );
  return { lists, ttlMs };
}

async function readList(
  source: CatalogSource,
  spec: ListSpec,
): Promise<{ items: JsonObject[]; ttlMs: number }> {
  const { connection, log } = source;
  const items = new Map<string, JsonObject>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  let ttlMs = Number.POSITIVE_INFINITY;
  for (let page = 0; page < maxPages; page++) {
    const params = cursor === undefined ? undefined : { cursor };
    const result = await connection.request({
      method: spec.method,
      params,
      timeoutMs: pageLimitMs,
    });
    if (typeof result.ttlMs === 'number') ttlMs = Math.min(ttlMs, result.ttlMs);
    addItems(result, spec, items, source);
    const next = result.nextCursor;
    if (typeof next !== 'string') return { items: [...items.values()], ttlMs };
    if (cursors.has(next) || items.size >= maxItems) break;
    cursors.add(next);
    cursor = next;
  }
  log.warning('a list has no end; its first items are used', {
    method: spec.method,
    items: items.size,
  });
  return { items: [...items.values()], ttlMs };
}

/** Takes what can be used; of two items of one name the first. */
function addItems(
  result: JsonObject,
  spec: ListSpec,
  items: Map<string, JsonObject>,
  { log, mayUse }: CatalogSource,
): void {
  const page = result[spec.member];
  let dropped = Array.isArray(page) ? 0 : 1;
  for (const item of Array.isArray(page) ? page : []) {
    const key = isJsonObject(item) ? item[spec.key] : undefined;
    const usable = isJsonObject(item) && typeof key === 'string' && key !== '' && !items.has(key);
    const isTool = spec.list === 'tools';
    if (usable && (!isTool || (isJsonObject(item.inputSchema) && mayUse(item)))) {
      items.set(key, item);
    } else dropped++;
    if (items.size >= maxItems) break;
  }
  if (dropped > 0) log.warning('items of a list cannot be used', { method: spec.method, dropped });
}
