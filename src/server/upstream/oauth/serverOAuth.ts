import {
  auth,
  extractWWWAuthenticateParams,
  refreshAuthorization,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { InvalidGrantError, OAuthError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { secretMask } from '../../../contract/secretMask.ts';
import type { RemoteConfig, ServerRecord } from '../../../contract/servers.ts';
import type { Log } from '../../log.ts';
import { secretNames } from '../../store/secretNames.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import type { Authorization, Challenge } from '../httpClient.ts';
import { SignInNeededError, UpstreamError } from '../upstreamError.ts';
import { openCallbackListener } from './callbackListener.ts';
import type { CallbackPage } from './callbackPage.ts';
import { oauthFetch } from './oauthFetch.ts';
import { type Grant, OAuthRecords } from './oauthRecords.ts';
import { revokeTokens } from './revokeTokens.ts';
import { type OAuthSettings, SignInProvider } from './signInProvider.ts';
import type { PendingSignIn, SignIns } from './signIns.ts';

/** Tokens are renewed this long before they end, in milliseconds. */
const renewBeforeMs = 60_000;

export interface ServerOAuthDeps {
  secrets: SecretStore;
  log: Log;
  signIns: SignIns;
  /** The server's own address of return, which stays the same; undefined before it listens. */
  keptRedirect(): string | undefined;
  /** Takes what an authorization server sent back. */
  answer(query: URLSearchParams): Promise<CallbackPage>;
  /** The tokens are others now. */
  changed(serverId: string): void;
}

interface Wanted {
  scope?: string | undefined;
  resourceMetadataUrl?: URL | undefined;
  /** Where a window wants the browser to come back to; else an address of this machine. */
  redirect?: string | undefined;
}

/**
 * The authorization at one remote server (MCP 2025-11-25, basic/authorization): its tokens are put into
 * requests, renewed before they end, one renewal at a time, and asked for anew by a link to sign in.
 */
export class ServerOAuth implements Authorization {
  readonly #records: OAuthRecords;
  #renewing: Promise<string> | undefined;
  #beginning: Promise<PendingSignIn> | undefined;

  constructor(
    private readonly serverId: string,
    private readonly record: () => Readonly<ServerRecord> | undefined,
    private readonly deps: ServerOAuthDeps,
  ) {
    this.#records = new OAuthRecords(deps.secrets, serverId);
  }

  /** What was granted; undefined where nobody is signed in, or while the secrets are locked. */
  get grant(): Grant | undefined {
    return this.deps.secrets.locked ? undefined : this.#records.grant;
  }

  /** @throws UpstreamError while the secrets are locked, or where a renewal fails */
  async header(): Promise<string | undefined> {
    const token = await this.#token();
    return token === undefined ? undefined : `Bearer ${token}`;
  }

  async challenged({ status, header, sent, isRepeated }: Challenge): Promise<boolean> {
    const params = paramsOf(header);
    if (status === 403) {
      if (params.error !== 'insufficient_scope') return false;
      throw await this.#stepUp(params);
    }
    if (!isRepeated && sent !== undefined) {
      const now = await this.header();
      if (now !== undefined && now !== sent) return true; // renewed meanwhile
      if (this.#records.refreshToken !== undefined) {
        const renewed = await this.#renew().catch(() => undefined);
        if (renewed !== undefined) return true;
      }
    }
    throw await this.#signInNeeded(params, header !== undefined);
  }

  /**
   * Prepares a sign-in: finds out who authorizes, registers vMCP there where needed, and makes the link.
   * @throws UpstreamError where that cannot be done
   */
  async begin(wanted: Wanted, signal: AbortSignal): Promise<PendingSignIn> {
    const known = wanted.redirect === undefined && this.#known(wanted.scope);
    if (known) return known;
    this.#beginning ??= this.#begin(wanted, signal).finally(() => {
      this.#beginning = undefined;
    });
    return this.#beginning;
  }

  /** Makes tokens of the code that the authorization server sent back. @throws Error of the exchange */
  async finish({ redirect, state, verifier, scope }: PendingSignIn, code: string): Promise<void> {
    const provider = this.#provider({ redirect, newState: state, verifier, scope });
    await auth(provider, { ...this.#target(), authorizationCode: code });
    this.deps.changed(this.serverId);
  }

  /** Forgets the tokens and tells the authorization server so (RFC 7009). */
  async signOut(): Promise<void> {
    this.deps.signIns.drop(this.serverId);
    const { accessToken, refreshToken, lastClient, discovery } = this.#records;
    await this.#records.dropAll();
    this.deps.changed(this.serverId);
    const tokens = [refreshToken, accessToken].filter((token) => token !== undefined);
    if (!discovery || tokens.length === 0) return;
    const client = lastClient ?? this.#provider({ redirect: '', newState: '' }).clientInformation();
    await revokeTokens(tokens, discovery, client, this.#target().fetchFn).catch(
      (error: unknown) => {
        this.deps.log.warning('tokens could not be revoked', { server: this.#name, error });
      },
    );
  }

  async #token(): Promise<string | undefined> {
    if (!this.#records.exist) return undefined;
    if (this.deps.secrets.locked) {
      const text = `Server "${this.#name}" needs its sign-in, and the secrets are locked until VS Code hands over their key. Open a VS Code window.`;
      throw new UpstreamError('locked', this.#name, text);
    }
    const { grant, accessToken } = this.#records;
    const endsAt = grant?.expiresAt ?? Number.POSITIVE_INFINITY;
    if (accessToken === undefined || endsAt - Date.now() > renewBeforeMs) return accessToken;
    if (!grant?.hasRefreshToken) return endsAt > Date.now() ? accessToken : undefined;
    try {
      return await this.#renew();
    } catch (error) {
      if (error instanceof UpstreamError && endsAt <= Date.now()) throw error;
      return this.#records.accessToken;
    }
  }

  /** One renewal at a time, whoever asks. */
  #renew(): Promise<string> {
    this.#renewing ??= this.#renewNow().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewNow(): Promise<string> {
    const { refreshToken, discovery, lastClient, grant } = this.#records;
    const settings = this.#provider({ redirect: '', newState: '' });
    const client = settings.clientInformation() ?? lastClient;
    const issuer = discovery?.authorizationServerUrl;
    try {
      if (refreshToken === undefined || !discovery || !client || issuer !== grant?.issuer) {
        throw new InvalidGrantError('nothing to renew the tokens with');
      }
      const tokens = await refreshAuthorization(discovery.authorizationServerUrl, {
        ...(discovery.authorizationServerMetadata && {
          metadata: discovery.authorizationServerMetadata,
        }),
        clientInformation: client,
        refreshToken,
        ...(discovery.resourceMetadata && { resource: discovery.resourceMetadata.resource }),
        fetchFn: this.#target().fetchFn,
      });
      await this.#records.saveTokens({ refresh_token: refreshToken, ...tokens });
      this.deps.changed(this.serverId);
      return tokens.access_token;
    } catch (error) {
      if (error instanceof OAuthError) {
        await this.#records.dropTokens();
        this.deps.changed(this.serverId);
      }
      const text = `The sign-in at server "${this.#name}" could not be renewed: ${reasonOf(error)}`;
      throw new UpstreamError('auth_required', this.#name, text, { cause: error });
    }
  }

  async #begin(wanted: Wanted, signal: AbortSignal): Promise<PendingSignIn> {
    const { signIns } = this.deps;
    const state = signIns.newState();
    const own = await this.#ownListener(wanted.redirect);
    const redirect = wanted.redirect ?? own?.url ?? this.deps.keptRedirect() ?? '';
    const { scope } = wanted;
    const provider = this.#provider({ redirect, newState: state, scope });
    try {
      await auth(provider, {
        ...this.#target(signal),
        ...(scope !== undefined && { scope }),
        ...(wanted.resourceMetadataUrl && { resourceMetadataUrl: wanted.resourceMetadataUrl }),
      });
      const { link, verifier } = provider;
      if (!link || verifier === undefined) throw new Error('no link came of it');
      checkLink(link);
      const close = () => own?.close();
      const { serverId } = this;
      return signIns.add({ serverId, state, link: link.href, verifier, redirect, scope, close });
    } catch (error) {
      own?.close();
      const text = `A sign-in at server "${this.#name}" could not be prepared: ${reasonOf(error)}`;
      throw new UpstreamError('auth_required', this.#name, text, { cause: error });
    }
  }

  /** Its own listener where any port may be registered; a client of the user's knows the kept address. */
  async #ownListener(redirect: string | undefined) {
    const isKept = this.#settings.clientId !== undefined && this.deps.keptRedirect() !== undefined;
    if (redirect !== undefined || isKept) return undefined;
    return openCallbackListener((query) => this.deps.answer(query));
  }

  #known(scope: string | undefined): PendingSignIn | undefined {
    return this.deps.signIns.reusable(this.serverId, scope);
  }

  async #signInNeeded(params: ChallengeParams, mayBeOAuth: boolean): Promise<UpstreamError> {
    const plain = `Server "${this.#name}" refused with HTTP 401: it wants other credentials. Edit its authorization.`;
    try {
      const wanted = { scope: params.scope, resourceMetadataUrl: params.resourceMetadataUrl };
      const { link } = await this.begin(wanted, AbortSignal.timeout(30_000));
      const text = `Server "${this.#name}" wants you to sign in. ${linkText(link)}`;
      return new SignInNeededError(this.#name, text);
    } catch (error) {
      const isOAuth = mayBeOAuth || this.record()?.auth.type === 'oauth';
      const text = isOAuth && error instanceof UpstreamError ? error.message : plain;
      return new SignInNeededError(this.#name, text, { cause: error });
    }
  }

  /** More is wanted than was granted: what there is and the rest are asked for together. */
  async #stepUp({ scope, resourceMetadataUrl }: ChallengeParams): Promise<UpstreamError> {
    const granted = scopesOf(this.#records.grant?.scope);
    const missing = scopesOf(scope).filter((each) => !granted.includes(each));
    if (missing.length === 0) {
      const text = `Server "${this.#name}" refuses the call although everything that it asks for (${scope ?? 'no scope named'}) was granted. Ask its operator for the rights.`;
      return new UpstreamError('auth_required', this.#name, text);
    }
    const wanted = { scope: [...granted, ...missing].join(' '), resourceMetadataUrl };
    const { link } = await this.begin(wanted, AbortSignal.timeout(30_000));
    const text = `Server "${this.#name}" wants you to allow more (${missing.join(' ')}). ${linkText(link)}`;
    return new UpstreamError('auth_required', this.#name, text);
  }

  #provider(options: {
    redirect: string;
    newState: string;
    verifier?: string;
    scope?: string | undefined;
  }): SignInProvider {
    return new SignInProvider({ ...options, records: this.#records, settings: this.#settings });
  }

  #target(signal: AbortSignal = AbortSignal.timeout(30_000)) {
    const serverUrl = (this.record()?.config as RemoteConfig | undefined)?.url ?? '';
    return { serverUrl, fetchFn: oauthFetch(serverUrl, signal) };
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

  get #name(): string {
    return this.record()?.name ?? this.serverId;
  }
}

type ChallengeParams = ReturnType<typeof extractWWWAuthenticateParams>;

function paramsOf(header: string | undefined): ChallengeParams {
  const headers: Record<string, string> =
    header === undefined ? {} : { 'www-authenticate': header };
  return extractWWWAuthenticateParams(new Response(null, { status: 401, headers }));
}

function scopesOf(scope: string | undefined): string[] {
  return (scope ?? '').split(' ').filter((each) => each !== '');
}

const linkText = (link: string) => `Open this link in a browser, then call again: ${link}`;

/** The link is opened in a browser: it must be one for browsers. */
function checkLink({ protocol, origin }: URL): void {
  if (protocol === 'https:' || protocol === 'http:') return;
  throw new Error(`its authorization address ${origin} is no web address`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
