import { secretMask } from '../../../contract/secretMask.ts';
import type { ServerRecord } from '../../../contract/servers.ts';
import type { Log } from '../../log.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import { UpstreamError } from '../upstreamError.ts';
import { waitFor } from '../waitFor.ts';
import { type CallbackListener, openCallbackListener } from './callbackListener.ts';
import type { CallbackPage } from './callbackPage.ts';
import { loadOAuth } from './loadOAuth.ts';
import { checkAddress, oauthFetch } from './oauthFetch.ts';
import type { OAuthRecords } from './oauthRecords.ts';
import { reasonOf } from './reasons.ts';
import { type OAuthSettings, SignInProvider } from './signInProvider.ts';
import type { PendingSignIn, SignIns } from './signIns.ts';

const limitMs = 30_000;
const maxLinkLength = 8192;
/** A registration is used again this long; authorization servers may forget one. */
const registrationMs = 24 * 60 * 60_000;

/** What preparing sign-ins needs of the whole server. */
export interface PreparationDeps {
  secrets: SecretStore;
  log: Log;
  signIns: SignIns;
  /** The server's own address of return, which stays the same; undefined before it listens. */
  keptRedirect(): string | undefined;
  /** Takes what an authorization server sent back to the listener of the sign-in with that state. */
  answer(query: URLSearchParams, listener: string): Promise<CallbackPage>;
}

export interface WantedSignIn {
  scope?: string | undefined;
  resourceMetadataUrl?: URL | undefined;
  /** Where a window wants the browser to come back to; else an address of this machine. */
  redirect?: string | undefined;
}

/** The MCP server at which somebody signs in. */
export interface SignInPlace {
  readonly serverId: string;
  readonly name: string;
  /** The address that tokens are for; undefined where there is no sign-in. */
  readonly resource: string | undefined;
  readonly record: Readonly<ServerRecord> | undefined;
}

/** Makes links for signing in at one server: each kind of link once, as long as it can be followed. */
export class SignInPreparation {
  readonly #beginning = new Map<string, Promise<PendingSignIn>>();

  constructor(
    private readonly place: SignInPlace,
    private readonly records: OAuthRecords,
    private readonly deps: PreparationDeps,
  ) {}

  /**
   * Finds out who authorizes, registers vMCP there where needed, and makes the link.
   * @throws UpstreamError where that cannot be done; the signal's reason
   */
  async begin(wanted: WantedSignIn, signal: AbortSignal): Promise<PendingSignIn> {
    const { scope, redirect } = wanted;
    const known = this.deps.signIns.reusable(this.place.serverId, scope, redirect);
    if (known) return known;
    const key = JSON.stringify([scope, redirect]);
    const running = this.#beginning.get(key);
    if (running) return waitFor(running, signal);
    const beginning = this.#begin(wanted).finally(() => this.#beginning.delete(key));
    this.#beginning.set(key, beginning);
    return waitFor(beginning, signal);
  }

  async #begin(wanted: WantedSignIn): Promise<PendingSignIn> {
    const { resource } = this.place;
    if (resource === undefined) throw this.#error('it has no sign-in');
    const state = this.deps.signIns.newState();
    let own: CallbackListener | undefined;
    try {
      own = await this.#ownListener(wanted.redirect, state);
      const redirect = wanted.redirect ?? own?.url ?? this.deps.keptRedirect() ?? '';
      const authorized = await this.#authorize(resource, redirect, state, wanted);
      if (this.place.resource !== resource) throw new Error('it was reconfigured meanwhile');
      return this.#told({
        ...{ serverId: this.place.serverId, resource, state, redirect, ...authorized },
        ...{ scope: wanted.scope, wantedRedirect: wanted.redirect },
        ...{ isOwn: own !== undefined, close: () => own?.close() },
      });
    } catch (error) {
      own?.close();
      throw this.#error(reasonOf(error), error);
    }
  }

  /** The link, and with whom and as whom its answer is to be used. @throws Error */
  async #authorize(resource: string, redirect: string, state: string, wanted: WantedSignIn) {
    const { scope, resourceMetadataUrl } = wanted;
    const { registration } = this.records;
    const registered = registration?.redirect === redirect ? registration.client : undefined;
    const provider = new SignInProvider({ redirect, state, settings: this.#settings, registered });
    const { auth } = await loadOAuth();
    await auth(provider, {
      serverUrl: resource,
      fetchFn: oauthFetch(resource, AbortSignal.timeout(limitMs)),
      ...(scope !== undefined && { scope }),
      ...(resourceMetadataUrl && { resourceMetadataUrl }),
    });
    const { link, verifier, discovery, newClient } = provider;
    const client = provider.clientInformation();
    if (!link || !verifier || !discovery || !client) throw new Error('no link came of it');
    checkLink(link, resource);
    if (newClient) {
      const registeredAt = Date.now();
      await this.records.saveRegistration({ client: newClient, redirect, registeredAt });
    }
    return { link: link.href, verifier, discovery, client };
  }

  #told(signIn: Parameters<SignIns['add']>[0]): PendingSignIn {
    const { log, signIns } = this.deps;
    const { link, wantedRedirect } = signIn;
    if (wantedRedirect === undefined) {
      log.info('a sign-in waits for you to open its link', { server: this.place.name, link });
    }
    return signIns.add(signIn);
  }

  /** Its own listener where any port may be registered; a client of the user's knows the kept address. */
  async #ownListener(redirect: string | undefined, state: string) {
    const isKept = this.#settings.clientId !== undefined && this.deps.keptRedirect() !== undefined;
    if (redirect !== undefined || isKept) return undefined;
    const { registration } = this.records;
    if (registration && registration.registeredAt + registrationMs < Date.now()) {
      await this.records.saveRegistration(undefined);
    }
    const before = this.records.registration?.redirect;
    return openCallbackListener((query) => this.deps.answer(query, state), before);
  }

  get #settings(): OAuthSettings {
    const { auth: own } = this.place.record ?? {};
    const { client_id, client_secret, client_metadata_url, scope } =
      own?.type === 'oauth' ? own : {};
    const name = secretNames.serverAuth(this.place.serverId, 'client_secret');
    return {
      clientId: client_id,
      clientSecret: client_secret === secretMask ? this.deps.secrets.get(name) : client_secret,
      clientMetadataUrl: client_metadata_url,
      scope,
    };
  }

  #error(reason: string, cause?: unknown): UpstreamError {
    const { name } = this.place;
    const text = `A sign-in at server "${name}" could not be prepared: ${reason}`;
    return new UpstreamError('auth_required', name, text, { cause });
  }
}

/** The link is opened in a browser: it must be one for browsers, as safe as what is fetched. @throws Error */
function checkLink(link: URL, serverUrl: string): void {
  checkAddress(link, serverUrl);
  if (link.href.length > maxLinkLength) throw new Error('its link is too long for browsers');
}
