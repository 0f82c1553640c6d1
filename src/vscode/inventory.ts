import type { ServerEvent } from '../contract/events.ts';
import type { JsonObject } from '../contract/json.ts';
import { type Part, type PartKind, partsOf } from '../contract/parts.ts';
import type { McpServer } from '../contract/servers.ts';
import type { ToolFinding } from '../contract/toolChanges.ts';
import type { ExposedTools, Vmcp } from '../contract/vmcps.ts';
import type { RestClient } from '../serverLink/restClient.ts';
import { RestError } from '../serverLink/restError.ts';
import type { LinkState } from '../serverLink/serverLink.ts';
import { Emitter } from './emitter.ts';
import { changeOf, type InventoryChange } from './inventoryChange.ts';

/** What one server offers, as far as it is known. */
export interface Offer {
  tools: readonly JsonObject[];
  /** About how many tokens each of them takes. */
  tool_tokens: readonly number[];
  /** What in the texts of its tools people should look at. */
  findings: readonly (ToolFinding & { tool: string })[];
  prompts: readonly JsonObject[];
  resources: readonly JsonObject[];
  resource_templates: readonly JsonObject[];
}

/** Where the inventory learns what to show. */
export interface InventorySource {
  readonly state: LinkState;
  readonly onDidChangeState: (listener: (state: LinkState) => void) => { dispose(): void };
  readonly onEvent: (listener: (event: ServerEvent) => void) => { dispose(): void };
}

export type ExposedTool = ExposedTools['tools'][number];
/** A part of what a server offers; of tools the size is known, and what is odd in their texts. */
export type SizedPart = Part & { tokens: number | undefined; findings: readonly ToolFinding[] };

/** Several events in a row (an import, a start) lead to one reading. */
const settleMs = 40;
/** More changed things than these are read faster as the whole lists. */
const maxSingles = 8;

/**
 * What the server holds, as this window shows it: read when connected, and what events name is read
 * again. After the connection is lost the last state stays, so that the views do not flicker.
 */
export class Inventory {
  #vmcps: readonly Vmcp[] = [];
  #servers: readonly McpServer[] = [];
  #loaded = false;
  readonly #offers = new Map<string, Promise<Offer | undefined>>();
  readonly #readOffers = new Map<string, Offer>();
  readonly #parts = new WeakMap<Offer, ReadonlyMap<string, SizedPart>>();
  readonly #exposed = new Map<string, Promise<ReadonlyMap<string, ExposedTool> | undefined>>();
  readonly #changed = new Emitter<InventoryChange>();
  readonly #subscriptions: { dispose(): void }[];
  readonly #staleVmcps = new Set<string>();
  readonly #staleServers = new Set<string>();
  #allStale = false;
  #timer: NodeJS.Timeout | undefined;
  #reading = Promise.resolve();

  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly source: InventorySource,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#subscriptions = [
      source.onDidChangeState((state) => {
        if (state.status !== 'connected') return;
        this.#offers.clear();
        this.#exposed.clear();
        this.#allStale = true;
        this.#schedule(0);
      }),
      source.onEvent((event) => this.#follow(event)),
    ];
  }

  get vmcps(): readonly Vmcp[] {
    return this.#vmcps;
  }

  get servers(): readonly McpServer[] {
    return this.#servers;
  }

  /** Whether the lists were read at least once. */
  get loaded(): boolean {
    return this.#loaded;
  }

  server(id: string): McpServer | undefined {
    return this.#servers.find((server) => server.server_id === id);
  }

  vmcp(id: string): Vmcp | undefined {
    return this.#vmcps.find((vmcp) => vmcp.vmcp_id === id);
  }

  /** What a server offers; undefined before its first connection, or while it cannot be read. */
  offer(serverId: string): Promise<Offer | undefined> {
    const asked = this.#remember(this.#offers, serverId, (client) => client.catalog(serverId));
    void asked.then((offer) => {
      if (offer) this.#readOffers.set(serverId, offer);
    });
    return asked;
  }

  /** The same as it was read last, for what cannot wait. */
  readOffer(serverId: string): Offer | undefined {
    return this.#readOffers.get(serverId);
  }

  /** One thing that a server offers; undefined where it does not (any more). */
  async part(serverId: string, kind: PartKind, key: string): Promise<SizedPart | undefined> {
    const offer = await this.offer(serverId);
    if (!offer) return undefined;
    const known = this.#parts.get(offer) ?? partsByKey(offer);
    this.#parts.set(offer, known);
    return known.get(`${kind}/${key}`);
  }

  /** What a vMCP lists, by server and the server's own name; undefined while it cannot be read. */
  exposed(vmcpId: string): Promise<ReadonlyMap<string, ExposedTool> | undefined> {
    return this.#remember(this.#exposed, vmcpId, async (client) => {
      const { tools } = await client.exposedTools(vmcpId);
      return new Map(tools.map((tool) => [`${tool.server_id}/${tool.tool}`, tool]));
    });
  }

  /** A tool as a vMCP lists it; undefined where it does not. */
  async exposedTool(
    vmcpId: string,
    server: string,
    tool: string,
  ): Promise<ExposedTool | undefined> {
    return (await this.exposed(vmcpId))?.get(`${server}/${tool}`);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #remember<T>(
    known: Map<string, Promise<T | undefined>>,
    id: string,
    read: (client: RestClient) => Promise<T>,
  ): Promise<T | undefined> {
    const before = known.get(id);
    if (before) return before;
    const client = this.#client();
    if (!client) return Promise.resolve(undefined);
    const reading = read(client).catch((error: unknown) => {
      if (known.get(id) === reading) known.delete(id);
      if (!(error instanceof RestError && error.status === 404)) this.onError(error);
      return undefined;
    });
    known.set(id, reading);
    return reading;
  }

  #follow(event: ServerEvent): void {
    switch (event.type) {
      case 'server.catalog':
      case 'server.changed':
        this.#offers.delete(event.server_id);
        this.#staleServers.add(event.server_id);
        // Its name stands in them.
        for (const { vmcp_id, mcp_servers } of this.#vmcps) {
          const holds = mcp_servers.some(({ server_id }) => server_id === event.server_id);
          if (holds) this.#staleVmcps.add(vmcp_id);
        }
        this.#schedule(settleMs);
        break;
      case 'server.status':
        this.#noteStatus(event);
        break;
      case 'vmcp.changed':
      case 'vmcp.lists':
      case 'vmcp.tool_changes':
        this.#exposed.delete(event.vmcp_id);
        this.#staleVmcps.add(event.vmcp_id);
        this.#schedule(settleMs);
        break;
      case 'server.removed':
        this.#offers.delete(event.server_id);
        this.#readOffers.delete(event.server_id);
        this.#allStale = true;
        this.#schedule(settleMs);
        break;
      case 'vmcp.removed':
        this.#exposed.delete(event.vmcp_id);
        this.#allStale = true;
        this.#schedule(settleMs);
        break;
      default:
        break;
    }
  }

  #noteStatus(event: Extract<ServerEvent, { type: 'server.status' }>) {
    const { server_id, status, last_error, needs = null } = event;
    const servers = this.#servers.map((server) =>
      server.server_id === server_id ? { ...server, status, last_error, needs } : server,
    );
    this.#take(this.#vmcps, servers);
  }

  #schedule(ms: number): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#reading = this.#reading.then(() => this.#read());
    }, ms);
  }

  async #read(): Promise<void> {
    const client = this.#client();
    if (!client) return;
    const [vmcpIds, serverIds] = [[...this.#staleVmcps], [...this.#staleServers]];
    const isWhole =
      this.#allStale ||
      vmcpIds.length + serverIds.length > maxSingles ||
      vmcpIds.some((id) => !this.vmcp(id)) ||
      serverIds.some((id) => !this.server(id));
    this.#staleVmcps.clear();
    this.#staleServers.clear();
    this.#allStale = false;
    try {
      if (isWhole) {
        const [vmcps, servers] = await Promise.all([client.vmcps(), client.servers()]);
        this.#loaded = true;
        this.#take(vmcps, servers);
      } else {
        await this.#readSingles(client, vmcpIds, serverIds);
      }
    } catch (error) {
      if (this.#client() !== client) return;
      // What was removed in between is not there when the whole lists are read.
      if (error instanceof RestError && error.status === 404 && !isWhole) {
        this.#allStale = true;
        this.#schedule(settleMs);
      } else this.onError(error);
    }
  }

  async #readSingles(
    client: RestClient,
    vmcpIds: readonly string[],
    serverIds: readonly string[],
  ): Promise<void> {
    const [vmcps, servers] = await Promise.all([
      Promise.all(vmcpIds.map((id) => client.vmcp(id))),
      Promise.all(serverIds.map((id) => client.mcpServer(id))),
    ]);
    const newVmcps = new Map(vmcps.map((vmcp) => [vmcp.vmcp_id, vmcp]));
    const newServers = new Map(servers.map((server) => [server.server_id, server]));
    this.#take(
      this.#vmcps.map((vmcp) => newVmcps.get(vmcp.vmcp_id) ?? vmcp),
      this.#servers.map((server) => newServers.get(server.server_id) ?? server),
    );
  }

  /** Takes the newer state, and tells what differs in it. */
  #take(vmcps: readonly Vmcp[], servers: readonly McpServer[]): void {
    const before = { vmcps: this.#vmcps, servers: this.#servers };
    const change = changeOf(before, { vmcps, servers });
    this.#vmcps = vmcps;
    this.#servers = servers;
    this.#changed.fire(change);
  }

  #client(): RestClient | undefined {
    return this.source.state.status === 'connected' ? this.source.state.client : undefined;
  }
}

/** The first of each name, as vMCPs take it. */
function partsByKey(offer: Offer): ReadonlyMap<string, SizedPart> {
  const tokens = new Map(offer.tools.map(({ name }, index) => [name, offer.tool_tokens[index]]));
  const odd = new Map<string, ToolFinding[]>();
  for (const finding of offer.findings) {
    odd.set(finding.tool, [...(odd.get(finding.tool) ?? []), finding]);
  }
  const parts = new Map<string, SizedPart>();
  for (const part of partsOf(offer)) {
    const id = `${part.kind}/${part.key}`;
    const size = part.kind === 'tools' ? tokens.get(part.key) : undefined;
    const findings = part.kind === 'tools' ? (odd.get(part.key) ?? []) : [];
    if (!parts.has(id)) parts.set(id, { ...part, tokens: size, findings });
  }
  return parts;
}
