import type { ServerEvent } from '../contract/events.ts';
import type { JsonObject } from '../contract/json.ts';
import type { McpServer } from '../contract/servers.ts';
import type { Vmcp } from '../contract/vmcps.ts';
import type { RestClient } from '../serverLink/restClient.ts';
import { RestError } from '../serverLink/restError.ts';
import type { LinkState } from '../serverLink/serverLink.ts';
import { Emitter } from './emitter.ts';

/** What one server offers, as far as it is known. */
export interface Offer {
  tools: readonly JsonObject[];
  /** About how many tokens each of them takes. */
  tool_tokens: readonly number[];
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

/** Several events in a row (an import, a start) lead to one reading. */
const settleMs = 40;

/**
 * What the server holds, as this window shows it: read when connected and again when events say
 * that it changed. After the connection is lost the last state stays, so that the views do not flicker.
 */
export class Inventory {
  #vmcps: readonly Vmcp[] = [];
  #servers: readonly McpServer[] = [];
  #loaded = false;
  readonly #offers = new Map<string, Promise<Offer | undefined>>();
  readonly #changed = new Emitter<void>();
  readonly #subscriptions: { dispose(): void }[];
  #timer: NodeJS.Timeout | undefined;
  #reading = 0;

  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly source: InventorySource,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#subscriptions = [
      source.onDidChangeState((state) => {
        if (state.status !== 'connected') return;
        this.#offers.clear();
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
    const known = this.#offers.get(serverId);
    if (known) return known;
    const client = this.#client();
    if (!client) return Promise.resolve(undefined);
    const reading = client.catalog(serverId).catch((error: unknown) => {
      this.#offers.delete(serverId);
      if (!(error instanceof RestError && error.status === 404)) this.onError(error);
      return undefined;
    });
    this.#offers.set(serverId, reading);
    return reading;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow(event: ServerEvent): void {
    switch (event.type) {
      case 'server.catalog':
      case 'server.removed':
        this.#offers.delete(event.server_id);
        this.#schedule(settleMs);
        break;
      case 'server.status':
        this.#noteStatus(event);
        break;
      case 'server.changed':
      case 'vmcp.changed':
      case 'vmcp.removed':
      case 'vmcp.lists':
        this.#schedule(settleMs);
        break;
      default:
        break;
    }
  }

  #noteStatus({ server_id, status, last_error }: Extract<ServerEvent, { type: 'server.status' }>) {
    this.#servers = this.#servers.map((server) =>
      server.server_id === server_id ? { ...server, status, last_error } : server,
    );
    this.#changed.fire();
  }

  #schedule(ms: number): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, ms);
  }

  async #read(): Promise<void> {
    const client = this.#client();
    if (!client) return;
    const reading = ++this.#reading;
    try {
      const [vmcps, servers] = await Promise.all([client.vmcps(), client.servers()]);
      // A later reading has begun meanwhile: its answer is the newer one.
      if (reading !== this.#reading) return;
      this.#vmcps = vmcps;
      this.#servers = servers;
      this.#loaded = true;
      this.#changed.fire();
    } catch (error) {
      if (this.#client() === client) this.onError(error);
    }
  }

  #client(): RestClient | undefined {
    return this.source.state.status === 'connected' ? this.source.state.client : undefined;
  }
}
