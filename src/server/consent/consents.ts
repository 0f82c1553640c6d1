import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { JsonObject } from '../../contract/json.ts';
import type { ConsentAnswer, ServerConsent, ServerRecord } from '../../contract/servers.ts';
import { ConflictError } from '../appErrors.ts';
import type { Change } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { reachOf } from './reach.ts';

/** `all`: every configured server may start; `none`: those that the user did not allow wait. */
export type Trust = 'all' | 'none';

/** Who asks for a change: VS Code (the admin token) counts as its user, everybody else does not. */
export type Requester = 'user' | 'outside';

const settingPrefix = 'consent/';
/** Stands in the store once consents are kept there: servers of before were added by the user. */
const beganKey = 'consent';

const keptSchema = z.object({
  state: z.enum(['given', 'required', 'denied']),
  /** What the answer is about. */
  reach: z.string(),
  /** Another one for each change that has to be asked about. */
  asked: z.string(),
});
type Kept = z.infer<typeof keptSchema>;

/**
 * What the user agreed to have started. An answer belongs to one server and one command: it ends with
 * either, and comes back with a deletion that is undone.
 */
export class Consents {
  /** By the record, which a change replaces. */
  readonly #reaches = new WeakMap<ServerRecord['config'], { transport: string; reach: string }>();

  private constructor(
    private readonly store: Store,
    private readonly trust: Trust,
  ) {}

  /** Opens what the store holds; in a store of before there were consents, all its servers have one. */
  static async open(store: Store, trust: Trust): Promise<Consents> {
    const consents = new Consents(store, trust);
    const { settings, servers } = store.collections;
    if (settings.get(beganKey)) return consents;
    const given = [...servers.all()].map((server) => consents.#put(server, 'given'));
    const began: Change = { collection: 'settings', put: { key: beganKey, value: {} } };
    await store.commit([began, ...given]);
    return consents;
  }

  /** Whether the server may be started, or reached, as it is configured now. */
  isGiven(server: ServerRecord): boolean {
    return this.trust === 'all' || this.#kept(server)?.state === 'given';
  }

  show(server: ServerRecord): ServerConsent {
    const kept = this.#kept(server);
    const state = this.trust === 'all' ? 'given' : (kept?.state ?? 'required');
    return { state, request: this.#request(server) };
  }

  /**
   * What goes with the write of a server.
   * @param secretsChanged whether values of its environment or headers are new
   */
  changesFor(
    before: ServerRecord | undefined,
    after: ServerRecord,
    by: Requester,
    secretsChanged: boolean,
  ): Change[] {
    const isOther = before === undefined || this.#reach(before) !== this.#reach(after);
    const isTrusted = by === 'user' || this.trust === 'all';
    if (isTrusted) return isOther ? [this.#put(after, 'given')] : [];
    return isOther || secretsChanged ? [this.#put(after, 'required')] : [];
  }

  removal(serverId: string): Change[] {
    const key = settingPrefix + serverId;
    return this.store.collections.settings.get(key)
      ? [{ collection: 'settings', delete: key }]
      : [];
  }

  /**
   * Keeps the user's answer.
   * @throws ConflictError where it is about something that has changed, or was answered, meanwhile
   */
  async answer(server: ServerRecord, { decision, request }: ConsentAnswer): Promise<void> {
    if (request !== this.#request(server)) {
      throw new ConflictError(
        `MCP server "${server.name}" is not what you were asked about any more`,
        'request: look at it again, and answer that',
      );
    }
    await this.store.commit([this.#put(server, decision === 'allow' ? 'given' : 'denied')]);
  }

  /** What an answer must name. */
  #request(server: ServerRecord): string {
    const asked = this.#stored(server.server_id)?.asked ?? '';
    return createHash('sha256')
      .update(`${asked}\n${this.#reach(server)}`)
      .digest('hex');
  }

  #put(server: ServerRecord, state: Kept['state']): Change {
    const value: JsonObject = { state, reach: this.#reach(server), asked: randomUUID() };
    return { collection: 'settings', put: { key: settingPrefix + server.server_id, value } };
  }

  /** The answer, where it is about the server as it is now. */
  #kept(server: ServerRecord): Kept | undefined {
    const stored = this.#stored(server.server_id);
    return stored?.reach === this.#reach(server) ? stored : undefined;
  }

  #stored(serverId: string): Kept | undefined {
    const setting = this.store.collections.settings.get(settingPrefix + serverId);
    return setting && keptSchema.safeParse(setting.value).data;
  }

  #reach(server: ServerRecord): string {
    const known = this.#reaches.get(server.config);
    if (known?.transport === server.transport_type) return known.reach;
    const reach = reachOf(server);
    this.#reaches.set(server.config, { transport: server.transport_type, reach });
    return reach;
  }
}
