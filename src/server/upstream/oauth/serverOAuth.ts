import { auth, exchangeAuthorization } from '@modelcontextprotocol/sdk/client/auth.js';
import {
  InvalidClientError,
  UnauthorizedClientError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { secretMask } from '../../../contract/secretMask.ts';
import type { ServerRecord } from '../../../contract/servers.ts';
import type { Log } from '../../log.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import { UpstreamError } from '../upstreamError.ts';
import { waitFor } from '../waitFor.ts';
import { type CallbackListener, openCallbackListener } from './callbackListener.ts';
import type { CallbackPage } from './callbackPage.ts';
import { checkAnsweringIssuer } from './issuer.ts';
import { checkAddress, oauthFetch } from './oauthFetch.ts';
import { type Grant, OAuthRecords, type SignedIn } from './oauthRecords.ts';
import { reasonOf } from './reasons.ts';
import { revokeTokens } from './revokeTokens.ts';
import { type OAuthSettings, SignInProvider } from './signInProvider.ts';
import type { PendingSignIn, SignIns } from './signIns.ts';
import { signedInBy, TokenKeeper } from './tokenKeeper.ts';

const limitMs = 30_000;
const maxLinkLength = 8192;
/** A registration is used again this long; authorization servers may forget one. */
const registrationMs = 24 * 60 * 60_000;

export interface ServerOAuthDeps {
  secrets: SecretStore;
  log: Log;
  signIns: SignIns;
  /** The server's own address of return, which stays the same; undefined before it listens. */
  keptRedirect(): string | undefined;
  /** Takes what an authorization server sent back to the listener of the sign-in with that state. */
  answer(query: URLSearchParams, listener: string): Promise<CallbackPage>;
  /** The tokens are others now. */
  changed(serverId: string): void;
}

export interface WantedSignIn {
  scope?: string | undefined;
  resourceMetadataUrl?: URL | undefined;
  /** Where a window wants the browser to come back to; else an address of this machine. */
  redirect?: string | undefined;
}

/** The sign-in at one remote server (MCP 2025-11-25, basic/authorization), from the link to signing out. */
export class ServerOAuth {
  readonly tokens: TokenKeeper;
  readonly #records: OAuthRecords;
  readonly #beginning = new Map<string, Promise<PendingSignIn>>();

  constructor(
    private readonly serverId: string,
    private readonly record: () => Readonly<ServerRecord> | undefined,
    private readonly deps: ServerOAuthDeps,
  ) {
    this.#records = new OAuthRecords(deps.secrets, serverId);
    this.tokens = new TokenKeeper({
      records: this.#records,
      log: deps.log,
      name: () => this.name,
      fits: (grant) => this.#fits(grant),
      changed: () => deps.changed(serverId),
    });
  }

  get name(): string {
    return this.record()?.name ?? this.serverId;
  }

  /** Whether the configuration says that the user signs in. */
  get isConfigured(): boolean {
    return this.record()?.auth.type === 'oauth';
  }

  /** The address that tokens are for; undefined where the server has none that a user could sign in at. */
  get resource(): string | undefined {
    const record = this.record();
    if (!record || !('url' in record.config)) return undefined;
    return ['oauth', 'none'].includes(record.auth.type) ? resourceOf(record.config.url) : undefined;
  }

  /** What was granted; undefined where nobody is signed in, or while the secrets are locked. */
  get grant(): Grant | undefined {
    return this.deps.secrets.locked ? undefined : this.tokens.signedIn;
  }

  /** @throws UpstreamError while the secrets are locked and hold tokens */
  requireUnlocked(): void {
    if (this.deps.secrets.locked && this.#records.exist) throw this.#lockedError();
  }

  /**
   * Prepares a sign-in: finds out who authorizes, registers vMCP there where needed, and makes the link.
   * @throws UpstreamError where that cannot be done; the signal's reason
   */
  async begin(wanted: WantedSignIn, signal: AbortSignal): Promise<PendingSignIn> {
    const { scope, redirect } = wanted;
    const known = this.deps.signIns.reusable(this.serverId, scope, redirect);
    if (known) return known;
    const key = JSON.stringify([scope, redirect]);
    const running = this.#beginning.get(key);
    if (running) return waitFor(running, signal);
    const beginning = this.#begin(wanted).finally(() => this.#beginning.delete(key));
    this.#beginning.set(key, beginning);
    return waitFor(beginning, signal);
  }

  /** Makes tokens of what the authorization server sent back. @throws Error of the exchange */
  async finish(pending: PendingSignIn, query: URLSearchParams): Promise<void> {
    const { discovery, client, verifier, redirect, resource, scope } = pending;
    checkAnsweringIssuer(query, discovery);
    const code = query.get('code');
    if (code === null) throw new Error(refusalOf(query));
    if (this.resource !== resource) throw new Error('the server was reconfigured meanwhile');
    try {
      const tokens = await exchangeAuthorization(discovery.authorizationServerUrl, {
        ...(discovery.authorizationServerMetadata && {
          metadata: discovery.authorizationServerMetadata,
        }),
        clientInformation: client,
        authorizationCode: code,
        codeVerifier: verifier,
        redirectUri: redirect,
        ...(discovery.resourceMetadata && { resource: discovery.resourceMetadata.resource }),
        fetchFn: oauthFetch(resource, AbortSignal.timeout(limitMs)),
      });
      if (this.resource !== resource) throw new Error('the server was reconfigured meanwhile');
      await this.#records.saveSignedIn(signedInBy({ resource, scope, client, discovery }, tokens));
    } catch (error) {
      const isForgotten = [InvalidClientError, UnauthorizedClientError].some(
        (kind) => error instanceof kind,
      );
      if (isForgotten) await this.#records.saveRegistration(undefined);
      throw new Error(reasonOf(error, [code, verifier, client.client_secret]), { cause: error });
    }
    this.deps.changed(this.serverId);
  }

  /** Forgets the tokens and tells the authorization server so (RFC 7009). @throws UpstreamError `locked` */
  async signOut(): Promise<void> {
    this.deps.signIns.drop(this.serverId);
    if (this.deps.secrets.locked) throw this.#lockedError();
    const { signedIn } = this.#records;
    await this.#records.dropAll();
    this.deps.changed(this.serverId);
    if (signedIn) await this.#revoke(signedIn);
  }

  /** The record changed: tokens for another address, or another client's, are given back. */
  async configChanged(): Promise<void> {
    if (this.deps.secrets.locked || !this.#records.exist) return;
    const { signedIn } = this.#records;
    if (!signedIn || !this.record() || this.#fits(signedIn)) return;
    await this.signOut();
  }

  #fits({ resource, client }: Grant): boolean {
    const { auth: own } = this.record() ?? {};
    const wantedClient = own?.type === 'oauth' ? own.client_id : undefined;
    const isClient = wantedClient === undefined || wantedClient === client.client_id;
    return isClient && resource === this.resource;
  }

  async #revoke({
    accessToken,
    refreshToken,
    client,
    discovery,
    resource,
  }: SignedIn): Promise<void> {
    const tokens = [refreshToken, accessToken].filter((token) => token !== undefined);
    const fetch = oauthFetch(resource, AbortSignal.timeout(limitMs));
    await revokeTokens(tokens, discovery, client, fetch).catch((error: unknown) => {
      const reason = reasonOf(error, tokens);
      this.deps.log.warning('tokens could not be revoked', { server: this.name, reason });
    });
  }

  async #begin(wanted: WantedSignIn): Promise<PendingSignIn> {
    if (this.deps.secrets.locked) throw this.#lockedError();
    const { resource } = this;
    if (resource === undefined) throw this.#preparationError('it has no sign-in');
    const state = this.deps.signIns.newState();
    let own: CallbackListener | undefined;
    try {
      own = await this.#ownListener(wanted.redirect, state);
      const redirect = wanted.redirect ?? own?.url ?? this.deps.keptRedirect() ?? '';
      const { registered, provider } = this.#provider(redirect, state);
      await this.#authorize(provider, resource, wanted);
      const { link, verifier, discovery, newClient } = provider;
      const client = provider.clientInformation() ?? registered;
      if (!link || !verifier || !discovery || !client) throw new Error('no link came of it');
      checkLink(link, resource);
      if (newClient) await this.#remember({ client: newClient, redirect });
      if (this.resource !== resource) throw new Error('it was reconfigured meanwhile');
      const { serverId } = this;
      const { scope, redirect: wantedRedirect } = wanted;
      const close = () => own?.close();
      return this.#told({
        ...{
          serverId,
          resource,
          state,
          link: link.href,
          verifier,
          redirect,
          scope,
          wantedRedirect,
        },
        ...{ discovery, client, isOwn: own !== undefined, close },
      });
    } catch (error) {
      own?.close();
      throw this.#preparationError(reasonOf(error), error);
    }
  }

  #told(signIn: Parameters<SignIns['add']>[0]): PendingSignIn {
    const { log, signIns } = this.deps;
    if (signIn.wantedRedirect === undefined) {
      log.info('a sign-in waits for you to open its link', {
        server: this.name,
        link: signIn.link,
      });
    }
    return signIns.add(signIn);
  }

  async #authorize(provider: SignInProvider, resource: string, wanted: WantedSignIn) {
    const { scope, resourceMetadataUrl } = wanted;
    await auth(provider, {
      serverUrl: resource,
      fetchFn: oauthFetch(resource, AbortSignal.timeout(limitMs)),
      ...(scope !== undefined && { scope }),
      ...(resourceMetadataUrl && { resourceMetadataUrl }),
    });
  }

  #provider(redirect: string, state: string) {
    const { registration } = this.#records;
    const registered = registration?.redirect === redirect ? registration.client : undefined;
    const settings = this.#settings;
    return { registered, provider: new SignInProvider({ redirect, state, settings, registered }) };
  }

  async #remember(registration: Omit<NonNullable<OAuthRecords['registration']>, 'registeredAt'>) {
    await this.#records.saveRegistration({ ...registration, registeredAt: Date.now() });
  }

  /** Its own listener where any port may be registered; a client of the user's knows the kept address. */
  async #ownListener(redirect: string | undefined, state: string) {
    const isKept = this.#settings.clientId !== undefined && this.deps.keptRedirect() !== undefined;
    if (redirect !== undefined || isKept) return undefined;
    const { registration } = this.#records;
    if (registration && registration.registeredAt + registrationMs < Date.now()) {
      await this.#records.saveRegistration(undefined);
    }
    const before = this.#records.registration?.redirect;
    return openCallbackListener((query) => this.deps.answer(query, state), before);
  }

  get #settings(): OAuthSettings {
    const { auth: own } = this.record() ?? {};
    const { client_id, client_secret, client_metadata_url, scope } =
      own?.type === 'oauth' ? own : {};
    const name = secretNames.serverAuth(this.serverId, 'client_secret');
    return {
      clientId: client_id,
      clientSecret: client_secret === secretMask ? this.deps.secrets.get(name) : client_secret,
      clientMetadataUrl: client_metadata_url,
      scope,
    };
  }

  #preparationError(reason: string, cause?: unknown): UpstreamError {
    const text = `A sign-in at server "${this.name}" could not be prepared: ${reason}`;
    return new UpstreamError('auth_required', this.name, text, { cause });
  }

  #lockedError(): UpstreamError {
    const text = `Server "${this.name}" needs its sign-in, and the secrets are locked until VS Code hands over their key. Open a VS Code window.`;
    return new UpstreamError('locked', this.name, text);
  }
}

/** What tokens are for: the address without query and fragment. */
export function resourceOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** The link is opened in a browser: it must be one for browsers, as safe as what is fetched. @throws Error */
function checkLink(link: URL, serverUrl: string): void {
  checkAddress(link, serverUrl);
  if (link.href.length > maxLinkLength) throw new Error('its link is too long for browsers');
}

function refusalOf(query: URLSearchParams): string {
  const error = query.get('error') ?? 'no code came back';
  const description = query.get('error_description');
  return reasonOf(description === null ? error : `${error}: ${description}`);
}
