import type { OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { secretNames } from '../../store/secretNames.ts';
import type { SecretStore } from '../../store/secretStore.ts';

/** What was granted, without the tokens themselves. */
export interface Grant {
  /** The authorization server that granted it; its tokens go nowhere else. */
  issuer: string | undefined;
  scope: string | undefined;
  /** Milliseconds since 1970; null where the server did not say. */
  expiresAt: number | null;
  hasRefreshToken: boolean;
}

interface Details {
  grant?: Grant;
  /** Without its secret. */
  client?: OAuthClientInformationMixed;
  /** For which address of return it was registered. */
  clientRedirect?: string;
  discovery?: OAuthDiscoveryState;
}

type Field = 'access_token' | 'refresh_token' | 'client_secret';

/**
 * What is kept of the sign-in at one server. Tokens and the client's secret are secrets of their own, so
 * that each is found and masked wherever it appears; what belongs to them stands beside them.
 */
export class OAuthRecords {
  constructor(
    private readonly secrets: SecretStore,
    private readonly serverId: string,
  ) {}

  /** Whether anything is kept, which is known while the secrets are locked. */
  get exist(): boolean {
    return this.secrets.names(secretNames.oauth(this.serverId)).length > 0;
  }

  get grant(): Grant | undefined {
    return this.#details.grant;
  }

  get accessToken(): string | undefined {
    return this.#get('access_token');
  }

  get refreshToken(): string | undefined {
    return this.#get('refresh_token');
  }

  get discovery(): OAuthDiscoveryState | undefined {
    return this.#details.discovery;
  }

  /** The client that was registered for this address of return. */
  client(redirect: string): OAuthClientInformationMixed | undefined {
    const { client, clientRedirect } = this.#details;
    return clientRedirect === redirect ? this.#withSecret(client) : undefined;
  }

  /** The client with which the present tokens were got. */
  get lastClient(): OAuthClientInformationMixed | undefined {
    return this.#withSecret(this.#details.client);
  }

  async saveTokens(tokens: OAuthTokens, scope?: string): Promise<void> {
    const { access_token, refresh_token, expires_in } = tokens;
    const before = this.#details.grant;
    const grant: Grant = {
      issuer: tokens.issuer ?? before?.issuer,
      scope: tokens.scope ?? scope ?? before?.scope,
      expiresAt: expires_in === undefined ? null : Date.now() + expires_in * 1000,
      hasRefreshToken: refresh_token !== undefined,
    };
    await this.#update(
      { ...this.#details, grant },
      { access_token, refresh_token: refresh_token ?? null },
    );
  }

  async saveClient(client: OAuthClientInformationMixed, redirect: string): Promise<void> {
    const { client_secret = null, ...rest } = client;
    const details = { ...this.#details, client: rest, clientRedirect: redirect };
    await this.#update(details, { client_secret });
  }

  async saveDiscovery(discovery: OAuthDiscoveryState): Promise<void> {
    await this.#update({ ...this.#details, discovery }, {});
  }

  /** Forgets the tokens; the registration stays. */
  async dropTokens(): Promise<void> {
    const { grant: _, ...rest } = this.#details;
    await this.#update(rest, { access_token: null, refresh_token: null });
  }

  /** Forgets the registration as well. */
  async dropAll(): Promise<void> {
    const names = this.secrets.names(secretNames.oauth(this.serverId));
    await this.secrets.update(Object.fromEntries(names.map((name) => [name, null])));
  }

  get #details(): Details {
    const text = this.secrets.get(secretNames.oauthField(this.serverId, 'details'));
    return text === undefined ? {} : (JSON.parse(text) as Details);
  }

  #get(field: Field): string | undefined {
    return this.secrets.get(secretNames.oauthField(this.serverId, field));
  }

  #withSecret(client: OAuthClientInformationMixed | undefined) {
    const client_secret = this.#get('client_secret');
    return client && client_secret !== undefined ? { ...client, client_secret } : client;
  }

  async #update(details: Details, fields: Partial<Record<Field, string | null>>): Promise<void> {
    const entries = Object.entries({ ...fields, details: JSON.stringify(details) });
    const name = (field: string) => secretNames.oauthField(this.serverId, field);
    await this.secrets.update(
      Object.fromEntries(entries.map(([field, value]) => [name(field), value])),
    );
  }
}
