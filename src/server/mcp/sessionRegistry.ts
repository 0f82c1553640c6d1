import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../contract/json.ts';
import type { EditorAnswers } from '../editor/editorAnswers.ts';
import type { Log } from '../log.ts';
import type { SessionRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { ClientSession } from './clientSession.ts';

const maxSessions = 1000;
const idleLimitMs = 12 * 60 * 60_000;
/** For sessions that were not used since the start; by the clock, which may be set or pass a night. */
const storedLimitMs = 7 * 24 * 60 * 60_000;
const sweepEveryMs = 25_000;
/** How old a stored `last_used` may get. */
const touchAfterMs = 10 * 60_000;

export interface NewSession {
  vmcpId: string;
  tokenId: string | null;
  protocolVersion: string;
  capabilities: JsonObject;
  clientInfo: JsonObject;
}

/** All sessions. They are stored, because many clients never initialize again after a 404. */
export class SessionRegistry {
  readonly #sessions = new Map<string, ClientSession>();
  readonly #sweeper = setInterval(() => this.#sweep(), sweepEveryMs).unref();

  constructor(
    private readonly store: Store,
    private readonly upstreams: Upstreams,
    private readonly editor: EditorAnswers,
    private readonly log: Log,
    /** Called for a session that was read from the store: what it had asked of upstreams is due again. */
    private readonly onRestored: (session: ClientSession) => void,
  ) {}

  /** Those that were used since the start. */
  get count(): number {
    return this.#sessions.size;
  }

  /** Makes a session; it is durable when the promise resolves. */
  async create(options: NewSession): Promise<ClientSession> {
    const session = new ClientSession(sessionRecord(options, randomUUID()), this.editor, false);
    this.#makeRoom();
    this.#sessions.set(session.id, session);
    await this.save(session);
    return session;
  }

  /** A session of HTTP+SSE lives in memory, and as long as its stream. */
  createForStream(options: NewSession): ClientSession {
    const session = new ClientSession(
      sessionRecord(options, randomUUID()),
      this.editor,
      false,
      false,
    );
    this.#makeRoom();
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The session of that id, if it belongs to this vMCP and came with this token. */
  find(id: string, vmcpId: string, tokenId: string | null): ClientSession | undefined {
    const session = this.#sessions.get(id) ?? this.#restore(id);
    if (session?.record.vmcp_id !== vmcpId || session.record.token_id !== tokenId) return undefined;
    session.lastUsed = performance.now();
    return session;
  }

  /** Sessions in use of one vMCP, or of all. */
  *inUse(vmcpId?: string): Iterable<ClientSession> {
    for (const session of this.#sessions.values()) {
      if (vmcpId === undefined || session.record.vmcp_id === vmcpId) yield session;
    }
  }

  /** Changes the stored part of a session. */
  async update(session: ClientSession, change: Partial<SessionRecord>): Promise<void> {
    session.record = { ...session.record, ...change };
    if (this.store.collections.sessions.get(session.id)) await this.save(session);
  }

  async save(session: ClientSession): Promise<void> {
    const last_used = new Date(Date.now() - (performance.now() - session.lastUsed)).toISOString();
    session.storedUse = session.lastUsed;
    session.record = { ...session.record, last_used };
    await this.store.commit([{ collection: 'sessions', put: session.record }]);
  }

  async end(session: ClientSession, reason: string): Promise<void> {
    this.#sessions.delete(session.id);
    session.end(reason);
    this.upstreams.release(session);
    if (!this.store.collections.sessions.get(session.id)) return;
    await this.store.commit([{ collection: 'sessions', delete: session.id }]);
  }

  /** What they are for, or came with, is gone: so are these sessions, used or only stored. */
  async endAll(concerns: (record: SessionRecord) => boolean, reason: string): Promise<void> {
    const used = [...this.#sessions.values()].filter(({ record }) => concerns(record));
    await Promise.all(used.map((session) => this.end(session, reason)));
    const stored = [...this.store.collections.sessions.all()].filter(concerns);
    if (stored.length === 0) return;
    await this.store.commit(
      stored.map(({ session_id }) => ({ collection: 'sessions' as const, delete: session_id })),
    );
  }

  /** Closes all streams; the stored sessions go on in the next process. */
  close(reason: string): void {
    clearInterval(this.#sweeper);
    for (const session of this.#sessions.values()) session.end(reason);
  }

  #restore(id: string): ClientSession | undefined {
    const record = this.store.collections.sessions.get(id);
    if (!record) return undefined;
    const session = new ClientSession(record, this.editor, false);
    this.#sessions.set(id, session);
    this.onRestored(session);
    return session;
  }

  #sweep(): void {
    const now = performance.now();
    for (const session of this.#sessions.values()) {
      session.keepAlive();
      if (!session.isIdle) session.lastUsed = now;
      const stored = this.store.collections.sessions.get(session.id);
      if (now - session.lastUsed > idleLimitMs)
        this.#background(this.end(session, 'idle too long'));
      else if (stored && session.lastUsed - session.storedUse > touchAfterMs) {
        this.#background(this.save(session));
      }
    }
    const outdated = [...this.store.collections.sessions.all()].filter(
      ({ session_id, last_used }) =>
        !this.#sessions.has(session_id) && Date.now() - Date.parse(last_used) > storedLimitMs,
    );
    if (outdated.length === 0) return;
    this.#background(
      this.store.commit(
        outdated.map(({ session_id }) => ({ collection: 'sessions' as const, delete: session_id })),
      ),
    );
  }

  /**
   * Ends the longest unused session where there are too many: of the token that has most of them one
   * that is idle, else one that only listens. What is at work stays.
   */
  #makeRoom(): void {
    if (this.#sessions.size < maxSessions) return;
    const byToken = new Map<string | null, ClientSession[]>();
    for (const session of this.#sessions.values()) {
      if (session.inFlight.size > 0) continue;
      const { token_id } = session.record;
      const sameToken = byToken.get(token_id) ?? [];
      sameToken.push(session);
      byToken.set(token_id, sameToken);
    }
    const [unused = []] = [...byToken.values()].sort((a, b) => b.length - a.length);
    const idle = unused.filter((session) => session.isIdle);
    const candidates = idle.length > 0 ? idle : unused;
    const oldest = candidates.sort((a, b) => a.lastUsed - b.lastUsed)[0];
    if (oldest) this.#background(this.end(oldest, 'too many sessions'));
  }

  #background(write: Promise<void>): void {
    write.catch((error: unknown) => this.log.error('A session could not be stored', { error }));
  }
}

/** What a session keeps from its first request on. */
export function sessionRecord(options: NewSession, id: string): SessionRecord {
  const now = new Date().toISOString();
  return {
    session_id: id,
    vmcp_id: options.vmcpId,
    token_id: options.tokenId,
    protocol_version: options.protocolVersion,
    capabilities: options.capabilities,
    client_info: options.clientInfo,
    log_level: null,
    subscriptions: [],
    created_at: now,
    last_used: now,
  };
}
