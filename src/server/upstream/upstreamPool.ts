import type { JsonObject } from '../../contract/json.ts';
import type { JsonRpcNotification } from '../../contract/jsonRpc.ts';
import type { McpServer } from '../../contract/servers.ts';
import type { CancelSignal } from '../cancellation.ts';
import type { Consents } from '../consent/consents.ts';
import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { CatalogRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Caller, Party, Root } from './caller.ts';
import type { CallbackPage } from './oauth/callbackPage.ts';
import { OAuthServers } from './oauth/oauthServers.ts';
import type { Reaper } from './reaper.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { UpstreamError } from './upstreamError.ts';
import { UpstreamServer } from './upstreamServer.ts';
import type {
  SignInLink,
  UpstreamCall,
  UpstreamNotice,
  UpstreamState,
  Upstreams,
} from './upstreams.ts';
import { waitFor } from './waitFor.ts';

const sweepMs = 1000;
const disconnected: UpstreamState = { status: 'disconnected', last_error: null };

export interface UpstreamsOptions {
  store: Store;
  consents: Pick<Consents, 'isGiven'>;
  events: EventBus;
  log: Log;
  /** Stays the caller's; to be closed after the upstreams. */
  reaper: Reaper;
  version: string;
}

/** The connections to all configured servers. */
export class UpstreamPool implements Upstreams {
  readonly #servers = new Map<string, UpstreamServer>();
  readonly #listeners = new Set<(notice: UpstreamNotice) => void>();
  readonly #context: UpstreamContext;
  readonly #unsubscribe: (() => void)[];
  readonly #timer: NodeJS.Timeout;
  /** Servers that were removed and still end. */
  readonly #endings = new Set<Promise<void>>();
  #closed = false;

  constructor(options: UpstreamsOptions) {
    const { store, events, log } = options;
    const oauth = new OAuthServers({
      ...{ store, events, log },
      signedIn: (serverId) => this.#servers.get(serverId)?.signedIn(),
    });
    this.#context = {
      ...options,
      oauth,
      env: definedOf(process.env),
      windowFolders: [],
      lastRoots: [],
    };
    this.#unsubscribe = [
      options.events.subscribe((event) => {
        if (event.type === 'server.changed') this.#changed(event.server_id);
        else if (event.type === 'server.removed') this.#removed(event.server_id);
      }),
      options.store.secrets.onUnlocked(() => {
        for (const server of this.#servers.values()) server.unlocked();
      }),
    ];
    this.#timer = setInterval(() => this.#sweep(), sweepMs).unref();
    for (const { server_id, start } of options.store.collections.servers.all()) {
      if (start === 'always') this.#server(server_id).sweep(performance.now());
    }
  }

  call(serverId: string, call: UpstreamCall): Promise<JsonObject> {
    const server = this.#servers.get(serverId);
    return server === undefined ? this.#firstCall(serverId, call) : server.call(call);
  }

  notify(serverId: string, party: Party, notification: JsonRpcNotification): void {
    this.#servers.get(serverId)?.notify(party, notification);
  }

  rootsChanged(party: Party): void {
    for (const server of this.#servers.values()) server.rootsChanged(party);
  }

  release(party: Party): void {
    for (const server of this.#servers.values()) server.release(party);
  }

  async subscribe(
    serverId: string,
    uri: string,
    caller: Caller,
    signal: CancelSignal,
  ): Promise<void> {
    await this.#server(serverId).subscribe(uri, caller, signal);
  }

  async unsubscribe(serverId: string, uri: string, party: Party): Promise<void> {
    this.#servers.get(serverId)?.unsubscribe(uri, party);
  }

  setLogLevel(serverIds: readonly string[], party: Party, level: string | null): void {
    for (const serverId of serverIds) {
      if (this.#exists(serverId)) this.#server(serverId).setLogLevel(party, level);
    }
  }

  catalog(serverId: string): CatalogRecord | undefined {
    return this.#context.store.collections.catalogs.get(serverId);
  }

  isStale(serverId: string): boolean {
    return !this.#exists(serverId) || this.#server(serverId).catalog.isStale;
  }

  async refresh(serverId: string, signal?: AbortSignal): Promise<CatalogRecord> {
    const reading = this.#server(serverId).refresh();
    return signal === undefined ? reading : waitFor(reading, signal);
  }

  async connect(serverId: string, signal?: AbortSignal): Promise<CatalogRecord> {
    const reading = this.#server(serverId).connect();
    return signal === undefined ? reading : waitFor(reading, signal);
  }

  async disconnect(serverId: string): Promise<void> {
    await this.#servers.get(serverId)?.disconnect('was disconnected by the user.');
  }

  state(serverId: string): UpstreamState {
    const known = this.#servers.get(serverId);
    if (known !== undefined) return known.state;
    const record = this.#context.store.collections.servers.get(serverId);
    const waits = record !== undefined && !this.#context.consents.isGiven(record);
    return waits ? { status: 'consent_required', last_error: null } : disconnected;
  }

  output(serverId: string): readonly string[] {
    return this.#servers.get(serverId)?.stderr.lines ?? [];
  }

  async signIn(
    serverId: string,
    redirect: string | undefined,
    signal: AbortSignal,
  ): Promise<SignInLink> {
    this.#server(serverId); // whose connections begin when the user is back
    return this.#context.oauth.get(serverId).begin({ redirect }, signal);
  }

  answerSignIn(query: URLSearchParams): Promise<CallbackPage> {
    return this.#context.oauth.answer(query);
  }

  async signOut(serverId: string): Promise<void> {
    await this.#context.oauth.get(serverId).signOut();
    await this.#servers.get(serverId)?.disconnect('was signed out of.');
  }

  giveBackDeleted(serverId: string, prefix: string, signal: AbortSignal): Promise<void> {
    return this.#context.oauth.giveBackDeleted(serverId, prefix, signal);
  }

  signedIn(serverId: string): McpServer['signed_in'] {
    const grant = this.#context.oauth.get(serverId).grant;
    if (!grant) return null;
    const { expiresAt, scope = null } = grant;
    return { scope, expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString() };
  }

  setSignInAddress(redirect: string): void {
    this.#context.oauth.keptRedirect = redirect;
  }

  setEnvironment(env: Readonly<Record<string, string>>): void {
    this.#context.env = { ...env };
  }

  setWindowFolders(folders: readonly Root[]): void {
    this.#context.windowFolders = folders;
  }

  onNotice(listener: (notice: UpstreamNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#context.oauth.close();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    const servers = [...this.#servers.values()];
    await Promise.all(servers.map((server) => server.close('was disconnected: vMCP is ending.')));
    await Promise.all(this.#endings);
    this.#listeners.clear();
  }

  async #firstCall(serverId: string, call: UpstreamCall): Promise<JsonObject> {
    return this.#server(serverId).call(call);
  }

  /** @throws UpstreamError where there is no such server */
  #server(serverId: string): UpstreamServer {
    const known = this.#servers.get(serverId);
    if (known !== undefined) return known;
    if (this.#closed || !this.#exists(serverId)) {
      const text = this.#closed ? 'vMCP is ending.' : `There is no MCP server ${serverId}.`;
      throw new UpstreamError(this.#closed ? 'closed' : 'unknown_server', serverId, text);
    }
    const server = new UpstreamServer(serverId, this.#context, (notice) => this.#notify(notice));
    this.#servers.set(serverId, server);
    return server;
  }

  #exists(serverId: string): boolean {
    return this.#context.store.collections.servers.get(serverId) !== undefined;
  }

  #notify(notice: UpstreamNotice): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(notice);
      } catch (error) {
        this.#context.log.error('a listener of notices failed', { error });
      }
    }
  }

  #changed(serverId: string): void {
    this.#context.oauth.configChanged(serverId);
    const known = this.#servers.get(serverId);
    if (known !== undefined) known.configChanged();
    else if (this.#context.store.collections.servers.get(serverId)?.start === 'always') {
      this.#server(serverId);
    }
  }

  #removed(serverId: string): void {
    this.#context.oauth.remove(serverId);
    const server = this.#servers.get(serverId);
    if (server === undefined) return;
    this.#servers.delete(serverId);
    const ending = server.close('was removed.').finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }

  #sweep(): void {
    const now = performance.now();
    for (const server of this.#servers.values()) server.sweep(now);
  }
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  return Object.fromEntries(entries);
}
