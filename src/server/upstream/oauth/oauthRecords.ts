import type { OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed } from '@modelcontextprotocol/sdk/shared/auth.js';
import { secretNames } from '../../store/secretNames.ts';
import type { SecretStore } from '../../store/secretStore.ts';

/** What was granted, without the tokens themselves. */
export interface Grant {
  /** The address that the tokens are for; they are sent nowhere else. */
  resource: string;
  scope: string | undefined;
  /** Milliseconds since 1970. */
  obtainedAt: number;
  /** Milliseconds since 1970; null where the server did not say. */
  expiresAt: number | null;
  /** The client that they were granted to. */
  client: OAuthClientInformationMixed;
  /** Who granted them. */
  discovery: OAuthDiscoveryState;
}

/** A grant and its tokens. */
export interface SignedIn extends Grant {
  accessToken: string;
  refreshToken: string | undefined;
}

/** How vMCP registered itself at an authorization server. */
export interface Registration {
  client: OAuthClientInformationMixed;
  /** The address of return that it is registered with. */
  redirect: string;
  /** Milliseconds since 1970. */
  registeredAt: number;
}

interface Details {
  grant?: Grant;
  registration?: Registration;
}

type Field = 'access_token' | 'refresh_token' | 'client_secret' | 'registration_secret';

/**
 * What is kept of the sign-in at one server. Tokens and the client's secrets are secrets of their own, so
 * that each is found and masked wherever it appears; what belongs to them stands beside them. Requests
 * read it each time, so it is kept as objects, too; nobody else writes it while its server exists.
 */
export class OAuthRecords {
  #known: { signedIn: SignedIn | undefined; registration: Registration | undefined } | undefined;
  #isUnsaved = false;

  constructor(
    private readonly secrets: SecretStore,
    private readonly serverId: string,
    /** Before the names of all its secrets: those of deleted servers are kept elsewhere. */
    private readonly prefix = '',
  ) {}

  /** Whether anything is kept, which is known while the secrets are locked. */
  get exist(): boolean {
    if (this.#known) return this.#known.signedIn !== undefined;
    return this.secrets.names(this.prefix + secretNames.oauth(this.serverId)).length > 0;
  }

  /** @throws SecretsLockedError */
  get signedIn(): SignedIn | undefined {
    return this.#read().signedIn;
  }

  /** @throws SecretsLockedError */
  get registration(): Registration | undefined {
    return this.#read().registration;
  }

  /** Whether the last tokens could not be written. */
  get isUnsaved(): boolean {
    return this.#isUnsaved;
  }

  /**
   * Durable when it resolves. Where that fails they count all the same: a refresh token that was used is
   * of no use any more.
   * @throws StoreError
   */
  async saveSignedIn(signedIn: SignedIn): Promise<void> {
    this.#known = { ...this.#read(), signedIn };
    await this.#write();
  }

  /** Writes what could not be written before. @throws StoreError */
  async saveAgain(): Promise<void> {
    await this.#write();
  }

  async saveRegistration(registration: Registration | undefined): Promise<void> {
    this.#known = { ...this.#read(), registration };
    await this.#write();
  }

  /** Forgets the tokens; the registration stays. */
  async dropSignedIn(): Promise<void> {
    this.#known = { ...this.#read(), signedIn: undefined };
    await this.#write();
  }

  /** Forgets the registration as well. */
  async dropAll(): Promise<void> {
    this.#known = { signedIn: undefined, registration: undefined };
    const names = this.secrets.names(this.prefix + secretNames.oauth(this.serverId));
    await this.secrets.update(Object.fromEntries(names.map((name) => [name, null])));
  }

  #read() {
    if (this.#known) return this.#known;
    const get = (field: Field | 'details') => this.secrets.get(this.#name(field));
    const { grant, registration } = JSON.parse(get('details') ?? '{}') as Details;
    const accessToken = get('access_token');
    const refreshToken = get('refresh_token');
    const tokens = accessToken === undefined ? undefined : { accessToken, refreshToken };
    const withSecret = <T extends { client: OAuthClientInformationMixed }>(of: T, field: Field) => {
      const client_secret = get(field);
      return client_secret === undefined ? of : { ...of, client: { ...of.client, client_secret } };
    };
    this.#known = {
      signedIn: grant && tokens && { ...withSecret(grant, 'client_secret'), ...tokens },
      registration: registration && withSecret(registration, 'registration_secret'),
    };
    return this.#known;
  }

  async #write(): Promise<void> {
    const { signedIn, registration } = this.#read();
    const { accessToken, refreshToken, ...grant } = signedIn ?? {};
    const details: Details = {
      ...(signedIn && { grant: { ...(grant as Grant), client: withoutSecret(signedIn.client) } }),
      ...(registration && {
        registration: { ...registration, client: withoutSecret(registration.client) },
      }),
    };
    const fields: Record<Field | 'details', string | null> = {
      access_token: accessToken ?? null,
      refresh_token: refreshToken ?? null,
      client_secret: signedIn?.client.client_secret ?? null,
      registration_secret: registration?.client.client_secret ?? null,
      details: JSON.stringify(details),
    };
    const entries = Object.entries(fields).map(([field, value]) => [this.#name(field), value]);
    this.#isUnsaved = true;
    await this.secrets.update(Object.fromEntries(entries));
    this.#isUnsaved = false;
  }

  #name(field: string): string {
    return this.prefix + secretNames.oauthField(this.serverId, field);
  }
}

function withoutSecret(client: OAuthClientInformationMixed): OAuthClientInformationMixed {
  const { client_secret: _, ...rest } = client;
  return rest;
}
