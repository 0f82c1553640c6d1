import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import { modernVersion } from '../protocol/modernProtocol.ts';
import { type ParamHeader, paramHeadersOf } from '../protocol/paramHeaders.ts';
import type { CatalogRecord } from '../store/records.ts';
import { readCatalog } from './catalogReader.ts';
import type { Connection } from './connection.ts';
import type { EraKnowledge } from './eraKnowledge.ts';
import type { ServerDescription } from './handshake.ts';
import { ListedTools } from './modern/listedTools.ts';
import { hashConfig } from './serverConfig.ts';
import type { UpstreamContext } from './upstreamContext.ts';

const debounceMs = 100;
const forever = Number.POSITIVE_INFINITY;
/** Lists are not read again sooner, whatever their server says. */
const leastKeepMs = 60_000;
const staleMs = 24 * 3_600_000;
/** An unchanged catalog is written again, for its date, after this time. */
const rewriteMs = 3_600_000;
/** Readings in a row where the lists keep changing meanwhile. */
const maxReadings = 5;

interface Source {
  connection: Connection;
  description: ServerDescription;
  wasAsked: boolean;
  /** Set where the server has no sessions. */
  modern?: object;
}

/** The cached catalog of one server: what it lists, and what was learned about it. */
export class ServerCatalog implements EraKnowledge {
  #asksRoots = false;
  #asksClients = false;
  #reading: Promise<CatalogRecord> | undefined;
  #changedMeanwhile = false;
  #timer: NodeJS.Timeout | undefined;
  #configHash: string | undefined;
  readonly #tools = new ListedTools();
  #readFrom: Connection | undefined;
  /** Until when a server that does not tell of changes lets its lists be kept; monotonic milliseconds. */
  #keepUntil = forever;

  constructor(
    private readonly serverId: string,
    private readonly context: UpstreamContext,
  ) {}

  get record(): Readonly<CatalogRecord> | undefined {
    return this.context.store.collections.catalogs.get(this.serverId);
  }

  /** It asked for roots once: its connections are kept apart by roots. */
  get asksRoots(): boolean {
    return this.#asksRoots || this.record?.asks_roots === true;
  }

  /** It asked clients things once: over a pipe, clients take turns. */
  get asksClients(): boolean {
    return this.#asksClients || this.record?.asks_clients === true;
  }

  get isStale(): boolean {
    const { record } = this;
    if (record === undefined || record.config_hash !== this.#hash()) return true;
    return isOlderThanADay(record.fetched_at) || performance.now() > this.#keepUntil;
  }

  /** Asked for anew after a day, and with another configuration: servers learn the newer era. */
  get isOfSessionEra(): boolean {
    const { record } = this;
    if (record?.era_at === undefined || isModern(record)) return false;
    return record.config_hash === this.#hash() && !isOlderThanADay(record.era_at);
  }

  /** It had no sessions when its lists were read last. */
  get isModern(): boolean {
    return this.record !== undefined && isModern(this.record);
  }

  tool(name: string): Readonly<JsonObject> | undefined {
    return this.#tools.get(this.record, name);
  }

  paramHeaders(tool: string): readonly ParamHeader[] {
    return this.#tools.paramHeaders(this.record, tool);
  }

  /** Whether the newest reading was on this connection. */
  wasReadFrom(connection: Connection): boolean {
    return this.#readFrom === connection;
  }

  /** The configuration or a secret may have changed. */
  configChanged(): void {
    this.#configHash = undefined;
  }

  learn(what: 'asks_roots' | 'asks_clients'): void {
    if (what === 'asks_roots') this.#asksRoots = true;
    else this.#asksClients = true;
    const { record } = this;
    if (record === undefined || record[what]) return;
    this.#commit({ ...record, [what]: true }).catch((error) => this.#warn(error));
  }

  /** Reads all lists; calls meanwhile share the reading. @throws UpstreamError */
  refresh(source: Source): Promise<CatalogRecord> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reading ??= this.#read(source).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Reads the lists again soon: servers announce each of many changes. */
  listChanged(source: Source): void {
    if (this.#reading !== undefined) {
      this.#changedMeanwhile = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (source.connection.isUsable) this.refresh(source).catch((error) => this.#warn(error));
    }, debounceMs).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #read(source: Source): Promise<CatalogRecord> {
    const { connection, description } = source;
    for (let reading = 1; ; reading++) {
      this.#changedMeanwhile = false;
      const previous = this.record;
      const { log } = this.context;
      const { capabilities } = description;
      const mayUse = source.modern && !connection.isPipe ? hasValidHeaders : () => true;
      const read = await readCatalog({ connection, capabilities, previous, log, mayUse });
      if (this.#changedMeanwhile && reading < maxReadings) continue;
      this.#readFrom = connection;
      this.#keepUntil =
        performance.now() + Math.max(leastKeepMs, source.modern ? read.ttlMs : forever);
      const now = new Date().toISOString();
      return this.#store({
        server_id: this.serverId,
        fetched_at: now,
        era_at: eraAt(source, previous, now),
        config_hash: this.#hash(),
        server_info: description.serverInfo,
        protocol_version: description.protocolVersion,
        capabilities: description.capabilities,
        instructions: description.instructions,
        ...read.lists,
        asks_roots: this.asksRoots,
        asks_clients: this.asksClients,
      });
    }
  }

  async #store(next: CatalogRecord): Promise<CatalogRecord> {
    const { record } = this;
    const same = record !== undefined && contentOf(record) === contentOf(next);
    const isRecent = record !== undefined && Date.now() - Date.parse(record.fetched_at) < rewriteMs;
    const isWritten = record?.config_hash === next.config_hash && record.era_at === next.era_at;
    if (same && isRecent && isWritten) return record;
    await this.#commit(next);
    if (!same) {
      this.context.events.publish({ type: 'server.catalog', server_id: this.serverId });
    }
    return next;
  }

  /** The server may have been deleted meanwhile; then nothing of it is to be kept. */
  async #commit(record: CatalogRecord): Promise<void> {
    const { store } = this.context;
    if (store.collections.servers.get(this.serverId) === undefined) return;
    await store.commit([{ collection: 'catalogs', put: record }]);
  }

  #hash(): string {
    const { collections, secrets } = this.context.store;
    const server = collections.servers.get(this.serverId);
    this.#configHash ??= server === undefined ? '' : hashConfig(server, secrets);
    return this.#configHash;
  }

  #warn(error: unknown): void {
    this.context.log.warning('catalog', { server: this.serverId, error });
  }
}

/** Over HTTP a tool cannot be called whose headers are not clear (MCP 2026-07-28, server/tools). */
function hasValidHeaders({ inputSchema }: JsonObject): boolean {
  return isJsonObject(inputSchema) && paramHeadersOf(inputSchema) !== undefined;
}

function isOlderThanADay(date: string): boolean {
  return Date.now() - Date.parse(date) > staleMs;
}

/** When the era was asked for, to within the time after which a catalog is written again anyway. */
function eraAt({ wasAsked }: Source, previous: CatalogRecord | undefined, now: string): string {
  const before = previous?.era_at;
  if (before === undefined) return now;
  return wasAsked && Date.parse(now) - Date.parse(before) > rewriteMs ? now : before;
}

function isModern({ protocol_version }: CatalogRecord): boolean {
  return protocol_version >= modernVersion;
}

/** What clients can see of it. */
function contentOf(record: CatalogRecord): string {
  const { fetched_at, era_at, config_hash, asks_roots, asks_clients, ...content } = record;
  return JSON.stringify(content);
}
