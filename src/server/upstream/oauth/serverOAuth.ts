import {
  InvalidClientError,
  UnauthorizedClientError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { ServerRecord } from '../../../contract/servers.ts';
import { UpstreamError } from '../upstreamError.ts';
import { checkAnsweringIssuer } from './issuer.ts';
import { loadOAuth } from './loadOAuth.ts';
import { oauthFetch } from './oauthFetch.ts';
import { type Grant, OAuthRecords } from './oauthRecords.ts';
import { reasonOf } from './reasons.ts';
import { resourceOf } from './resource.ts';
import { giveBack } from './revokeTokens.ts';
import {
  type PreparationDeps,
  type SignInPlace,
  SignInPreparation,
  type WantedSignIn,
} from './signInPreparation.ts';
import type { PendingSignIn } from './signIns.ts';
import { signedInBy, TokenKeeper } from './tokenKeeper.ts';

const limitMs = 30_000;

export interface ServerOAuthDeps extends PreparationDeps {
  /** The tokens are others now. */
  changed(serverId: string): void;
}

/** The sign-in at one remote server (MCP 2025-11-25, basic/authorization), from the link to signing out. */
export class ServerOAuth implements SignInPlace {
  readonly tokens: TokenKeeper;
  readonly #records: OAuthRecords;
  readonly #preparation: SignInPreparation;

  constructor(
    readonly serverId: string,
    private readonly find: () => Readonly<ServerRecord> | undefined,
    private readonly deps: ServerOAuthDeps,
  ) {
    this.#records = new OAuthRecords(deps.secrets, serverId);
    this.#preparation = new SignInPreparation(this, this.#records, deps);
    this.tokens = new TokenKeeper({
      records: this.#records,
      log: deps.log,
      name: () => this.name,
      fits: (grant) => this.#fits(grant),
      changed: () => deps.changed(serverId),
    });
  }

  get record(): Readonly<ServerRecord> | undefined {
    return this.find();
  }

  get name(): string {
    return this.record?.name ?? this.serverId;
  }

  /** Whether the configuration says that the user signs in. */
  get isConfigured(): boolean {
    return this.record?.auth.type === 'oauth';
  }

  /** The address that tokens are for; undefined where the server has none that a user could sign in at. */
  get resource(): string | undefined {
    const { record } = this;
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
   * Prepares a sign-in.
   * @throws UpstreamError where that cannot be done, `locked` among it; the signal's reason
   */
  async begin(wanted: WantedSignIn, signal: AbortSignal): Promise<PendingSignIn> {
    if (this.deps.secrets.locked) throw this.#lockedError();
    return this.#preparation.begin(wanted, signal);
  }

  /** Makes tokens of what the authorization server sent back. @throws Error of the exchange */
  async finish(pending: PendingSignIn, query: URLSearchParams): Promise<void> {
    const { discovery, client, verifier, redirect, resource, scope } = pending;
    checkAnsweringIssuer(query, discovery);
    const code = query.get('code');
    if (code === null) throw new Error(refusalOf(query));
    if (this.resource !== resource) throw new Error('the server was reconfigured meanwhile');
    try {
      const { exchangeAuthorization } = await loadOAuth();
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

  /** Forgets the tokens and tells the authorization server so. @throws UpstreamError `locked` */
  async signOut(): Promise<void> {
    const { secrets, signIns, log } = this.deps;
    signIns.drop(this.serverId);
    if (secrets.locked) throw this.#lockedError();
    const { signedIn } = this.#records;
    await this.#records.dropAll();
    this.deps.changed(this.serverId);
    if (signedIn) await giveBack(signedIn, { server: this.name, log });
  }

  /** The record changed: tokens for another address, or another client's, are given back. */
  async configChanged(): Promise<void> {
    if (this.deps.secrets.locked || !this.#records.exist) return;
    const { signedIn } = this.#records;
    if (!signedIn || !this.record || this.#fits(signedIn)) return;
    await this.signOut();
  }

  #fits({ resource, client }: Grant): boolean {
    const { auth: own } = this.record ?? {};
    const wantedClient = own?.type === 'oauth' ? own.client_id : undefined;
    const isClient = wantedClient === undefined || wantedClient === client.client_id;
    return isClient && resource === this.resource;
  }

  #lockedError(): UpstreamError {
    const text = `Server "${this.name}" needs its sign-in, and the secrets are locked until VS Code hands over their key. Open a VS Code window.`;
    return new UpstreamError('locked', this.name, text);
  }
}

function refusalOf(query: URLSearchParams): string {
  const error = query.get('error') ?? 'no code came back';
  const description = query.get('error_description');
  return reasonOf(description === null ? error : `${error}: ${description}`);
}
