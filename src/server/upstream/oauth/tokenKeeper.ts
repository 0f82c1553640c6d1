import {
  OAuthError,
  ServerError,
  TemporarilyUnavailableError,
  TooManyRequestsError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { Log } from '../../log.ts';
import { UpstreamError } from '../upstreamError.ts';
import { loadOAuth } from './loadOAuth.ts';
import { oauthFetch } from './oauthFetch.ts';
import type { Grant, OAuthRecords, SignedIn } from './oauthRecords.ts';
import { reasonOf } from './reasons.ts';

/** Tokens are renewed this long before they end, or after three quarters of a shorter life; milliseconds. */
const renewBeforeMs = 60_000;
/** After a failure the tokens there are do a while longer. */
const retryMs = 10_000;
const renewalLimitMs = 30_000;

export interface TokenKeeperDeps {
  records: OAuthRecords;
  log: Log;
  /** The server's name. */
  name(): string;
  /** Whether tokens are for the server as it is configured now. */
  fits(signedIn: Grant): boolean;
  /** The tokens are others now. */
  changed(): void;
}

/** The tokens of one server: renewed before they end, one renewal at a time, and written before they are used. */
export class TokenKeeper {
  #renewing: Promise<string | undefined> | undefined;
  #notBefore = 0;

  constructor(private readonly deps: TokenKeeperDeps) {}

  /** The sign-in that requests can use. @throws SecretsLockedError */
  get signedIn(): SignedIn | undefined {
    const { records, fits } = this.deps;
    if (!records.exist) return undefined;
    const { signedIn } = records;
    return signedIn && fits(signedIn) ? signedIn : undefined;
  }

  /** A token that is good by the clock. @throws UpstreamError `unreachable` where it cannot be renewed now */
  async token(): Promise<string | undefined> {
    const { signedIn } = this;
    if (!signedIn) return undefined;
    const { accessToken, refreshToken, obtainedAt, expiresAt } = signedIn;
    const now = Date.now();
    if (this.deps.records.isUnsaved && now >= this.#notBefore) await this.#save();
    if (expiresAt === null) return accessToken;
    const early = Math.min(renewBeforeMs, (expiresAt - obtainedAt) / 4);
    if (now < expiresAt - early) return accessToken;
    if (refreshToken === undefined) return now < expiresAt ? accessToken : undefined;
    if (now >= expiresAt) return this.renew();
    if (now < this.#notBefore) return accessToken;
    return this.renew().catch(() => accessToken);
  }

  /**
   * New tokens now; whoever asks meanwhile gets the same.
   * @returns undefined where the authorization server refuses: then nobody is signed in any more
   * @throws UpstreamError `unreachable` where it gave no answer that counts
   */
  renew(): Promise<string | undefined> {
    this.#renewing ??= this.#renewNow().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewNow(): Promise<string | undefined> {
    const { signedIn } = this;
    if (signedIn?.refreshToken === undefined) return this.#refused('there is no refresh token');
    const { resource, refreshToken, discovery, client } = signedIn;
    try {
      const { refreshAuthorization } = await loadOAuth();
      const tokens = await refreshAuthorization(discovery.authorizationServerUrl, {
        ...(discovery.authorizationServerMetadata && {
          metadata: discovery.authorizationServerMetadata,
        }),
        clientInformation: client,
        refreshToken,
        ...(discovery.resourceMetadata && { resource: discovery.resourceMetadata.resource }),
        fetchFn: oauthFetch(resource, AbortSignal.timeout(renewalLimitMs)),
      });
      return await this.#take(signedIn, tokens);
    } catch (error) {
      if (isFinal(error)) return this.#refused(reasonOf(error, [refreshToken]));
      this.#notBefore = Date.now() + retryMs;
      const reason = reasonOf(error, [refreshToken, client.client_secret]);
      const text = `The sign-in at server "${this.deps.name()}" could not be renewed: ${reason}. It is tried again at the next call.`;
      throw new UpstreamError('unreachable', this.deps.name(), text);
    }
  }

  async #take(before: SignedIn, tokens: OAuthTokens): Promise<string | undefined> {
    // Signed out of, or reconfigured meanwhile: what came belongs to nothing.
    if (this.signedIn?.refreshToken !== before.refreshToken) return undefined;
    const after = signedInBy({ ...before, refreshToken: before.refreshToken }, tokens);
    await this.#save(after);
    this.deps.changed();
    return after.accessToken;
  }

  /** What cannot be written counts while the server runs, and is written later. */
  async #save(signedIn?: SignedIn): Promise<void> {
    const { records, log } = this.deps;
    try {
      await (signedIn ? records.saveSignedIn(signedIn) : records.saveAgain());
    } catch (error) {
      this.#notBefore = Date.now() + retryMs;
      log.error('renewed tokens could not be written', { server: this.deps.name(), error });
    }
  }

  async #refused(reason: string): Promise<undefined> {
    const { records, log } = this.deps;
    log.info('a sign-in is over', { server: this.deps.name(), reason });
    await records.dropSignedIn();
    this.deps.changed();
  }
}

/** A grant with the tokens that came; what a renewal leaves out stays as it was (RFC 6749, section 6). */
export function signedInBy(
  grant: Omit<Grant, 'obtainedAt' | 'expiresAt'> & { refreshToken?: string | undefined },
  { access_token, refresh_token = grant.refreshToken, expires_in, scope }: OAuthTokens,
): SignedIn {
  const now = Date.now();
  return {
    ...grant,
    scope: scope ?? grant.scope,
    obtainedAt: now,
    expiresAt: expires_in === undefined ? null : now + expires_in * 1000,
    accessToken: access_token,
    refreshToken: refresh_token,
  };
}

/** Whether the authorization server means it; the SDK makes a `ServerError` of every answer that it cannot read. */
function isFinal(error: unknown): boolean {
  const mayPass = [ServerError, TemporarilyUnavailableError, TooManyRequestsError];
  return error instanceof OAuthError && !mayPass.some((kind) => error instanceof kind);
}
