import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import { type CallbackPage, callbackPage } from './callbackPage.ts';
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
      answer: (query) => this.answer(query),
      changed: (server_id) => events.publish({ type: 'server.changed', server_id }),
    });
    this.#servers.set(serverId, made);
    return made;
  }

  /** The server is gone: so are its sign-ins. */
  remove(serverId: string): void {
    this.#signIns.drop(serverId);
    this.#servers.delete(serverId);
  }

  /**
   * Takes what an authorization server sent back (RFC 6749, section 4.1.2) and says what to show. The
   * state decides whose answer it is; it counts once.
   */
  async answer(query: URLSearchParams): Promise<CallbackPage> {
    const pending = this.#signIns.take(query.get('state') ?? '');
    if (!pending) {
      const text = 'This sign-in is unknown, was answered already, or is over. Begin it again.';
      return callbackPage(400, 'Not signed in', text);
    }
    const name = this.deps.store.collections.servers.get(pending.serverId)?.name ?? 'the server';
    const code = query.get('code');
    try {
      if (code === null) throw new Error(refusalOf(query));
      await this.get(pending.serverId).finish(pending, code);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.deps.log.warning('a sign-in failed', { server: name, reason });
      return callbackPage(400, 'Not signed in', `${name}: ${reason}`);
    }
    this.deps.signedIn(pending.serverId);
    return callbackPage(200, 'Signed in', `vMCP may use “${name}” now. You can close this page.`);
  }

  close(): void {
    this.#signIns.close();
  }
}

function refusalOf(query: URLSearchParams): string {
  const error = query.get('error') ?? 'no code came back';
  const description = query.get('error_description');
  return (description === null ? error : `${error}: ${description}`).slice(0, 500);
}
