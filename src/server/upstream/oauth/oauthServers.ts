import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import { type CallbackPage, callbackPage } from './callbackPage.ts';
import { OAuthRecords } from './oauthRecords.ts';
import { reasonOf } from './reasons.ts';
import { giveBack } from './revokeTokens.ts';
import { ServerOAuth } from './serverOAuth.ts';
import { SignIns } from './signIns.ts';

export interface OAuthServersDeps {
  store: Store;
  events: EventBus;
  log: Log;
  /** A sign-in was finished: the server may be connected to. */
  signedIn(serverId: string): void;
}

/** The authorizations at all remote servers, and the one place where answers to sign-ins arrive. */
export class OAuthServers {
  readonly #signIns = new SignIns();
  readonly #servers = new Map<string, ServerOAuth>();
  /** Where authorization servers send the browser back to on the server's own port. */
  keptRedirect: string | undefined;

  constructor(private readonly deps: OAuthServersDeps) {}

  get(serverId: string): ServerOAuth {
    const known = this.#servers.get(serverId);
    if (known) return known;
    const { store, log, events } = this.deps;
    const record = () => store.collections.servers.get(serverId);
    const made = new ServerOAuth(serverId, record, {
      secrets: store.secrets,
      log,
      signIns: this.#signIns,
      keptRedirect: () => this.keptRedirect,
      answer: (query, listener) => this.answer(query, listener),
      changed: (server_id) => events.publish({ type: 'server.changed', server_id }),
    });
    this.#servers.set(serverId, made);
    return made;
  }

  /** The configuration of a server changed. */
  configChanged(serverId: string): void {
    this.get(serverId)
      .configChanged()
      .catch((error: unknown) => {
        this.deps.log.warning('a sign-in could not be given back', { serverId, error });
      });
  }

  /** The server is gone: so are its sign-ins. */
  remove(serverId: string): void {
    this.#signIns.drop(serverId);
    this.#servers.delete(serverId);
  }

  /**
   * Has the sign-in of a server that is gone for good revoked.
   * @param prefix before the names under which its secrets are kept
   */
  async giveBackDeleted(serverId: string, prefix: string, signal: AbortSignal): Promise<void> {
    const { store, log } = this.deps;
    const { signedIn } = new OAuthRecords(store.secrets, serverId, prefix);
    if (signedIn) await giveBack(signedIn, { server: serverId, log }, signal);
  }

  /**
   * Takes what an authorization server sent back (RFC 6749, section 4.1.2) and says what to show. The
   * state decides whose answer it is; it counts once.
   * @param listener state of the sign-in whose own listener it came to; undefined: the server's port
   */
  async answer(query: URLSearchParams, listener?: string): Promise<CallbackPage> {
    const pending = this.#signIns.take(query.get('state') ?? '', listener);
    if (!pending) {
      const text = 'This sign-in is unknown, was answered already, or is over. Begin it again.';
      return callbackPage(400, 'Not signed in', text);
    }
    const { serverId } = pending;
    const name = this.deps.store.collections.servers.get(serverId)?.name ?? 'the server';
    try {
      await this.get(serverId).finish(pending, query);
    } catch (error) {
      const reason = reasonOf(error);
      this.deps.log.warning('a sign-in failed', { server: name, reason });
      return callbackPage(400, 'Not signed in', `${name}: ${reason}`);
    }
    this.deps.signedIn(serverId);
    return callbackPage(200, 'Signed in', `vMCP may use “${name}” now. You can close this page.`);
  }

  close(): void {
    this.#signIns.close();
  }
}
