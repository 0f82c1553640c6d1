import type { JsonObject } from '../../contract/json.ts';
import type { JsonRpcNotification } from '../../contract/jsonRpc.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import type { CancelSignal } from '../cancellation.ts';
import type { CatalogRecord } from '../store/records.ts';
import type { Caller, Party, Root } from './caller.ts';
import type { CallOwner } from './callOwner.ts';
import { CallRouter } from './callRouter.ts';
import { ConnectionSlot, type SlotHost } from './connectionSlot.ts';
import { LogWishes } from './logWishes.ts';
import { ResourceSubscriber } from './resourceSubscriber.ts';
import { RootsAnswers } from './rootsAnswers.ts';
import { ServerAccess } from './serverAccess.ts';
import { ServerCatalog } from './serverCatalog.ts';
import { usesWorkspaceFolder } from './serverConfig.ts';
import { serverState } from './serverState.ts';
import type { LiveConnection } from './shakeHands.ts';
import { type DirectoryHost, SlotDirectory } from './slotDirectory.ts';
import { StderrTail } from './stderrTail.ts';
import type { UpstreamContext } from './upstreamContext.ts';
import { UpstreamError } from './upstreamError.ts';
import type { UpstreamCall, UpstreamNotice, UpstreamState } from './upstreams.ts';
import { withNewSession } from './withNewSession.ts';

/** One configured server: its connections, who uses which, and what is known of it. */
export class UpstreamServer implements SlotHost, DirectoryHost {
  readonly catalog: ServerCatalog;
  readonly stderr: StderrTail;
  state: UpstreamState = { status: 'disconnected', last_error: null };
  readonly #directory: SlotDirectory;
  readonly #router: CallRouter;
  readonly #subscriber: ResourceSubscriber;
  readonly #roots: RootsAnswers;
  readonly #logWishes = new LogWishes();
  readonly #ending = new AbortController();
  /** Connections that end before their server does. */
  readonly #dropped = new Set<Promise<void>>();
  readonly #access: ServerAccess;
  /** The user disconnected it; it stays so until it is used. */
  #isStopped = false;

  constructor(
    readonly serverId: string,
    private readonly context: UpstreamContext,
    private readonly onNotice: (notice: UpstreamNotice) => void,
  ) {
    this.#access = new ServerAccess(serverId, context, this.#ending.signal);
    this.catalog = new ServerCatalog(serverId, context);
    this.stderr = new StderrTail((lines) =>
      context.events.publish({ type: 'server.output', server_id: serverId, lines }),
    );
    this.#directory = new SlotDirectory(this, context);
    this.#router = new CallRouter(this, this.#directory);
    this.#subscriber = new ResourceSubscriber(this, this.#directory);
    this.#roots = new RootsAnswers(this, this.#directory, this.#ending.signal);
    this.state = this.#stateNow();
  }

  get name(): string {
    return this.#access.name;
  }

  get isRooted(): boolean {
    // Without sessions each call has its own way to ask.
    return this.rootsAreConfigured || (this.catalog.asksRoots && !this.catalog.isModern);
  }

  get rootsAreConfigured(): boolean {
    const record = this.#access.record;
    return record !== undefined && usesWorkspaceFolder(record);
  }

  get leasesSlots(): boolean {
    return (
      this.catalog.asksClients &&
      this.#access.record?.transport_type === 'stdio' &&
      !this.catalog.isModern
    );
  }

  get recordInUse(): Readonly<ServerRecord> | undefined {
    return this.#access.recordInUse;
  }

  usableRecord(): ServerRecord {
    return this.#access.usableRecord();
  }

  createSlot(key: string, roots: readonly Root[] | undefined): ConnectionSlot {
    return new ConnectionSlot(this, this.context, key, roots);
  }

  tooManyLeases(count: number): UpstreamError {
    const text = `Server "${this.name}" is busy with ${count} calls that may ask their clients. Try again later.`;
    return new UpstreamError('timeout', this.name, text);
  }

  slotDropped(slot: ConnectionSlot): void {
    const ending = slot.disconnect('was given up by its client.').finally(() => {
      this.#dropped.delete(ending);
    });
    this.#dropped.add(ending);
  }

  /** @throws as `Upstreams.call` */
  call(call: UpstreamCall): Promise<JsonObject> {
    this.#isStopped = false;
    return this.#router.call(call);
  }

  notify(party: Party, notification: JsonRpcNotification): void {
    this.#directory.current(party)?.live?.connection.notify(notification);
  }

  subscribe(uri: string, caller: Caller, signal: CancelSignal): Promise<void> {
    return this.#subscriber.subscribe(uri, caller, signal);
  }

  unsubscribe(uri: string, party: Party): void {
    this.#subscriber.unsubscribe(uri, party);
  }

  setLogLevel(party: Party, level: string | null): void {
    const before = this.#logWishes.level;
    this.#logWishes.set(party.id, level);
    if (this.#logWishes.level === before) return;
    for (const slot of this.#directory.slots()) this.#sendLogLevel(slot);
  }

  /** Connections of the party alone get the new roots at once, shared ones are left at its next call. */
  rootsChanged(party: Party): void {
    if (!this.#directory.rootsChanged(party) || this.rootsAreConfigured) return;
    this.#directory.assign(party, this.#ending.signal).catch((error) => {
      this.context.log.debug('roots of a client', { server: this.serverId, error: String(error) });
    });
  }

  release(party: Party): void {
    this.#logWishes.set(party.id, null);
    this.#directory.release(party.id);
  }

  /** Opens a connection now, whatever the back-off says, and reads the lists. @throws UpstreamError */
  async connect(): Promise<CatalogRecord> {
    for (const slot of this.#directory.slots()) slot.resetBackoff();
    return this.refresh();
  }

  /** Reads the lists, connecting where needed. @throws UpstreamError */
  refresh(): Promise<CatalogRecord> {
    return withNewSession(this.name, () => this.#refreshOnce());
  }

  async #refreshOnce(): Promise<CatalogRecord> {
    this.usableRecord();
    this.#isStopped = false;
    const slot = this.#directory.any();
    slot.lastUsed = performance.now();
    const wasLive = slot.live !== undefined;
    await slot.connect();
    const { live } = slot;
    if (live === undefined) throw slot.lastError ?? this.#gone();
    const { record } = this.catalog;
    const justRead = !wasLive && this.catalog.wasReadFrom(live.connection);
    return justRead && record !== undefined ? record : this.catalog.refresh(live);
  }

  async disconnect(reason: string): Promise<void> {
    this.#isStopped = true;
    const slots = [...this.#directory.slots()];
    await Promise.all(slots.map((slot) => slot.disconnect(reason)));
  }

  /** The record changed: connections of another configuration end, their subscribers get new ones. */
  configChanged(): void {
    this.catalog.configChanged();
    if (!this.#access.recordChanged()) return;
    this.#isStopped = false;
    const { slots, subscribers } = this.#directory.clear();
    for (const slot of slots) void slot.disconnect('was reconfigured. Try again.');
    this.#publishStatus();
    if (this.recordInUse === undefined) return;
    for (const party of subscribers) {
      this.#directory.assign(party, this.#ending.signal).catch((error) => {
        this.context.log.debug('subscriptions', { server: this.serverId, error: String(error) });
      });
    }
  }

  /** The key of the secrets has come. */
  unlocked(): void {
    this.catalog.configChanged();
    this.#access.unlocked();
    for (const slot of this.#directory.slots()) {
      if (slot.status === 'locked') void slot.disconnect('was locked.');
    }
  }

  /** The user has signed in: what failed for want of it is tried again. */
  signedIn(): void {
    for (const slot of this.#directory.slots()) slot.resetBackoff();
    this.connect().catch((error) => {
      this.context.log.debug('after a sign-in', { server: this.name, error: String(error) });
    });
  }

  /** Called about every second. */
  sweep(now: number): void {
    for (const slot of this.#directory.slots()) slot.sweep(now);
    const record = this.recordInUse;
    if (record === undefined || this.#isStopped) return;
    const isAlways = record.start === 'always';
    for (const slot of this.#directory.sweep(now)) {
      if (!isAlways && slot.live !== undefined) void slot.disconnect('was not used for long.');
    }
    if (isAlways) this.#keepConnected(this.#directory.any());
    for (const slot of this.#directory.slots()) {
      if (!slot.subscriptions.isEmpty) this.#keepConnected(slot);
    }
  }

  /** Ends everything; resolves when the processes are gone. */
  async close(reason: string): Promise<void> {
    this.#ending.abort(this.#gone());
    this.catalog.close();
    const { slots } = this.#directory.clear();
    await Promise.all(slots.map((slot) => slot.disconnect(reason)));
    await Promise.all(this.#dropped);
    this.stderr.close();
  }

  async slotConnected(slot: ConnectionSlot, live: LiveConnection): Promise<void> {
    this.#access.noteConnected();
    this.#sendLogLevel(slot);
    // A server that was never seen is asked for its lists before anything else, and shows what it is
    // like, such as that it asks for roots, before calls of several clients reach it. One that asks for
    // roots gets them meanwhile.
    const isFirst = this.catalog.record === undefined || this.catalog.asksRoots;
    const reading = this.catalog.refresh(live).catch((error) => {
      const fields = { server: this.name, error: String(error) };
      this.context.log.warning('the lists of a server could not be read', fields);
    });
    if (isFirst) await reading;
  }

  slotStatusChanged(): void {
    this.#publishStatus();
  }

  async slotReadsLists({ established }: ConnectionSlot): Promise<void> {
    if (established !== undefined) await this.catalog.refresh(established);
  }

  slotListChanged(slot: ConnectionSlot): void {
    if (slot.established !== undefined) this.catalog.listChanged(slot.established);
  }

  slotNotice(slot: ConnectionSlot, notification: JsonRpcNotification): void {
    const { method, params } = notification;
    const isUpdate = method === 'notifications/resources/updated';
    this.onNotice({
      server_id: this.serverId,
      notification,
      concerns: ({ id }) =>
        isUpdate
          ? slot.subscriptions.concerns(params?.uri, id)
          : (slot.roots === undefined && !slot.isLeased) || slot.parties.has(id),
    });
  }

  slotAsksRoots(slot: ConnectionSlot, owner: CallOwner): Promise<readonly JsonObject[]> {
    return this.#roots.answer(slot, owner);
  }

  slotAsksClients(slot: ConnectionSlot, owner: CallOwner): void {
    this.catalog.learn('asks_clients');
    if (owner.kind === 'party') this.#directory.lease(slot, owner.caller.party);
  }

  #keepConnected(slot: ConnectionSlot): void {
    const mayTry = slot.backoffMs === 0 && slot.status !== 'locked';
    if (!mayTry || slot.isConnecting || slot.live !== undefined) return;
    // The failure shows in the server's state.
    slot.connect().catch((error) => {
      this.context.log.debug('reconnecting', { server: this.name, error: String(error) });
    });
  }

  #sendLogLevel(slot: ConnectionSlot): void {
    const { level } = this.#logWishes;
    const live = slot.established;
    const hasLogging = live?.description.capabilities.logging !== undefined;
    if (level !== undefined && hasLogging && live?.modern === undefined)
      slot.tell('logging/setLevel', { level });
  }

  #publishStatus(): void {
    const state = this.#stateNow();
    if (state.status === this.state.status && state.last_error === this.state.last_error) return;
    this.state = state;
    this.context.events.publish({ type: 'server.status', server_id: this.serverId, ...state });
  }

  #stateNow(): UpstreamState {
    if (this.#access.waitsForConsent) return { status: 'consent_required', last_error: null };
    return serverState(this.#directory.slots());
  }

  #gone(): UpstreamError {
    return new UpstreamError('closed', this.name, `Server "${this.name}" was disconnected.`);
  }
}
