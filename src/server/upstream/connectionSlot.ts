import type { JsonObject } from '../../contract/json.ts';
import type { JsonRpcNotification } from '../../contract/jsonRpc.ts';
import type { ServerRecord, ServerStatus } from '../../contract/servers.ts';
import { Backoff } from './backoff.ts';
import type { Party, Root } from './caller.ts';
import type { CallOwner } from './callOwner.ts';
import type { Connection, ConnectionHost } from './connection.ts';
import type { EraKnowledge } from './eraKnowledge.ts';
import type { ModernHost, ModernServer } from './modern/modernServer.ts';
import { openConnection } from './openConnection.ts';
import type { LiveConnection } from './shakeHands.ts';
import type { StderrTail } from './stderrTail.ts';
import { Subscriptions } from './subscriptions.ts';
import { Turns } from './turns.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { UpstreamError } from './upstreamError.ts';

const ownRequestLimitMs = 30_000;

/** What a slot needs its server for. */
export interface SlotHost {
  readonly name: string;
  /** @throws UpstreamError where the server was deleted or switched off */
  usableRecord(): ServerRecord;
  readonly stderr: StderrTail;
  /** What earlier connections have shown. */
  readonly catalog: EraKnowledge;
  /** The handshake is done; calls wait until this resolves. */
  slotConnected(slot: ConnectionSlot, live: LiveConnection): Promise<void>;
  slotStatusChanged(): void;
  slotListChanged(slot: ConnectionSlot): void;
  slotReadsLists(slot: ConnectionSlot): Promise<unknown>;
  slotNotice(slot: ConnectionSlot, notification: JsonRpcNotification): void;
  slotAsksRoots(slot: ConnectionSlot, owner: CallOwner): Promise<readonly JsonObject[]>;
  slotAsksClients(slot: ConnectionSlot, owner: CallOwner): void;
}

/**
 * The place of one connection to a server, for the parties that share it: opens it when it is needed,
 * again after it broke, with back-off, and keeps what outlives a single connection.
 */
export class ConnectionSlot {
  readonly turns = new Turns();
  readonly subscriptions = new Subscriptions();
  /** Ids of the parties that use it. */
  readonly parties = new Set<string>();
  status: ServerStatus = 'disconnected';
  lastError: UpstreamError | undefined;
  /** Monotonic milliseconds. */
  lastUsed = performance.now();
  /** It serves one call at a time, which may wait for its client. */
  isLeased = false;
  /** Whose call opened the connection. */
  starter: Party | undefined;
  readonly #backoff = new Backoff();
  #live: LiveConnection | undefined;
  #opening: { done: Promise<void>; abort: AbortController } | undefined;
  /** Replaced connections whose open calls may still end. */
  readonly #retired = new Set<Connection>();
  /** Connections that are ending. */
  readonly #endings = new Set<Promise<void>>();

  /**
   * @param key in its server's map of slots
   * @param roots what the server gets for roots; undefined while parties of all roots share it
   */
  constructor(
    private readonly host: SlotHost,
    private readonly context: UpstreamContext,
    public key: string,
    public roots: readonly Root[] | undefined,
  ) {}

  /** The connection, where calls can go through it right now. */
  get live(): LiveConnection | undefined {
    return this.#opening === undefined ? this.#live : undefined;
  }

  /** The connection, also while the first requests of vMCP itself go before all calls. */
  get established(): LiveConnection | undefined {
    return this.#live;
  }

  /** Whether requests are open. */
  get isBusy(): boolean {
    return (this.#live?.connection.callsInFlight ?? 0) > 0;
  }

  get isConnecting(): boolean {
    return this.#opening !== undefined;
  }

  /** Milliseconds until the next try is allowed. */
  get backoffMs(): number {
    return this.#backoff.waitMs;
  }

  /** That it fails again and again, for people; empty where it does not. */
  get hardship(): string {
    return this.#backoff.note;
  }

  /** Opens the connection if it is not open. @throws UpstreamError, at once during a back-off */
  connect(starter?: Party): Promise<void> {
    if (this.#opening !== undefined) return this.#opening.done;
    if (this.#live !== undefined) return Promise.resolve();
    const { waitMs } = this.#backoff;
    if (waitMs > 0) return Promise.reject(this.#backoffError(waitMs));
    this.starter = starter;
    const abort = new AbortController();
    const opening = { abort, done: this.#open(abort.signal) };
    opening.done = opening.done.finally(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = opening;
    return opening.done;
  }

  /** Ends the connection; the slot may connect again. Resolves when its processes are gone. */
  async disconnect(reason: string): Promise<void> {
    const { name } = this.host;
    const error = new UpstreamError('closed', name, `Server "${name}" ${reason}`);
    const opening = this.#opening;
    opening?.abort.abort(error);
    this.#opening = undefined;
    const connections = [...this.#retired, ...(this.#live ? [this.#live.connection] : [])];
    this.#live = undefined;
    this.#setStatus('disconnected');
    for (const connection of connections) this.#track(connection.close(error));
    // Only when it has given up, the opening has told of what it leaves to be ended.
    await opening?.done.catch(() => {});
    while (this.#endings.size > 0) await Promise.all(this.#endings);
  }

  resetBackoff(): void {
    this.#backoff.reset();
  }

  /** Called about every second. */
  sweep(now: number): void {
    this.#live?.connection.sweep(now);
    for (const connection of this.#retired) connection.sweep(now);
  }

  /** Sends a request of vMCP itself whose failure concerns no client. */
  tell(method: string, params: JsonObject): void {
    const request = { method, params, timeoutMs: ownRequestLimitMs };
    this.#live?.connection.request(request).catch((error) => {
      this.context.log.debug('a request of our own failed', { method, error: String(error) });
    });
  }

  releaseParty(partyId: string): void {
    this.parties.delete(partyId);
    if (this.starter?.id === partyId) this.starter = undefined;
    this.#live?.connection.releaseParty(partyId);
    for (const connection of this.#retired) connection.releaseParty(partyId);
    this.unsubscribed(this.subscriptions.removeParty(partyId).abandoned);
  }

  /** The server is to tell of these resources, too, which stand in `subscriptions` already. */
  subscribed(uris: readonly string[]): void {
    if (uris.length === 0) return;
    if (this.#live?.modern) this.#listen(this.#live.modern);
    else for (const uri of uris) this.tell('resources/subscribe', { uri });
  }

  /** Nobody wants to hear of these resources any more. */
  unsubscribed(uris: readonly string[]): void {
    if (uris.length === 0) return;
    if (this.#live?.modern) this.#listen(this.#live.modern);
    else for (const uri of uris) this.tell('resources/unsubscribe', { uri });
  }

  async #open(signal: AbortSignal): Promise<void> {
    try {
      const record = this.host.usableRecord();
      this.#setStatus('connecting');
      const live = await openConnection({
        record,
        roots: this.roots ?? [],
        context: this.context,
        stderr: this.host.stderr,
        host: this.#connectionHost(record.name),
        known: this.host.catalog,
        signal,
        onEnding: (ending) => this.#track(ending),
      });
      if (signal.aborted) {
        this.#track(live.connection.close(signal.reason));
        throw signal.reason;
      }
      this.#live = live;
      this.#backoff.connected();
      this.#setStatus('connected');
      this.#subscribeAgain(live);
      await this.host.slotConnected(this, live);
    } catch (error) {
      if (!signal.aborted) this.#failed(error as UpstreamError);
      throw error;
    }
  }

  #subscribeAgain({ modern }: LiveConnection): void {
    if (modern) this.#listen(modern);
    else this.subscribed([...this.subscriptions.uris()]);
  }

  #listen(modern: ModernServer): void {
    modern.listenTo(this.subscriptions.uris()).catch((error: unknown) => {
      this.context.log.debug('changes of a server', { server: this.host.name, error });
    });
  }

  #connectionHost(serverName: string): ModernHost & ConnectionHost {
    return {
      serverName,
      notice: (notification) => this.host.slotNotice(this, notification),
      listChanged: () => this.host.slotListChanged(this),
      readLists: () => this.host.slotReadsLists(this),
      roots: (owner) => this.host.slotAsksRoots(this, owner),
      asksClients: (owner) => this.host.slotAsksClients(this, owner),
      callEnded: ({ id }) => this.turns.leave(id),
      retired: (connection) => this.#connectionRetired(connection),
      closed: (connection, error) => this.#connectionClosed(connection, error),
    };
  }

  #connectionRetired(connection: Connection): void {
    if (this.#live?.connection !== connection) return;
    this.#live = undefined;
    this.#retired.add(connection);
    this.#setStatus('disconnected');
  }

  #connectionClosed(connection: Connection, error: Error): void {
    this.#retired.delete(connection);
    this.#track(connection.close(error));
    if (this.#live?.connection !== connection) return;
    this.#live = undefined;
    this.#failed(error as UpstreamError);
  }

  #failed(error: UpstreamError): void {
    // Waiting for a key or a corrected configuration is no crash loop.
    if (error.code !== 'locked' && error.code !== 'disabled') this.#backoff.failed();
    this.lastError = error;
    const isStatus = error.code === 'locked' || error.code === 'auth_required';
    this.#setStatus(isStatus ? (error.code as ServerStatus) : 'error');
  }

  #setStatus(status: ServerStatus): void {
    if (status === 'connected' || status === 'disconnected') this.lastError = undefined;
    this.status = status;
    this.host.slotStatusChanged();
  }

  #track(ending: Promise<void>): void {
    const tracked = ending.finally(() => this.#endings.delete(tracked));
    this.#endings.add(tracked);
  }

  #backoffError(waitMs: number): UpstreamError {
    const { name } = this.host;
    const last = this.lastError;
    const text = `${last?.message ?? `Server "${name}" failed.`} The next try is possible in ${Math.ceil(waitMs / 1000)} s.`;
    return new UpstreamError(last?.code ?? 'unreachable', name, text, { cause: last });
  }
}
