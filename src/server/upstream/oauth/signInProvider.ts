import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
} from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import type { OAuthRecords } from './oauthRecords.ts';

/** What the configuration of a server says of its sign-in. */
export interface OAuthSettings {
  /** A client registered beforehand; without it one is registered as the server allows. */
  clientId: string | undefined;
  clientSecret: string | undefined;
  /** Address of a client metadata document, used as the client's id where the server takes that. */
  clientMetadataUrl: string | undefined;
  scope: string | undefined;
}

/** One sign-in, as the SDK's flow asks for its parts: first up to the link, later from the code to the tokens. */
export class SignInProvider implements OAuthClientProvider {
  /** Where the browser is to go, once the flow has come that far. */
  link: URL | undefined;
  verifier: string | undefined;
  readonly clientMetadataUrl?: string;

  constructor(
    private readonly options: {
      records: OAuthRecords;
      settings: OAuthSettings;
      redirect: string;
      newState: string;
      /** Of a flow that goes on; then what was discovered before is used. */
      verifier?: string;
      scope?: string | undefined;
    },
  ) {
    this.verifier = options.verifier;
    const { clientMetadataUrl } = options.settings;
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
  }

  get redirectUrl(): string {
    return this.options.redirect;
  }

  get clientMetadata(): OAuthClientMetadata {
    const { scope } = this.options.settings;
    return {
      client_name: 'vMCP',
      redirect_uris: [this.options.redirect],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...(scope !== undefined && { scope }),
    };
  }

  state(): string {
    return this.options.newState;
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    const { clientId, clientSecret } = this.options.settings;
    if (clientId === undefined) return this.options.records.client(this.options.redirect);
    return {
      client_id: clientId,
      ...(clientSecret !== undefined && { client_secret: clientSecret }),
    };
  }

  async saveClientInformation(client: OAuthClientInformationMixed): Promise<void> {
    if (this.options.settings.clientId !== undefined) return; // it is the user's
    await this.options.records.saveClient(client, this.options.redirect);
  }

  /** None: a sign-in is asked for because those there are do not do. */
  tokens(): undefined {
    return undefined;
  }

  async saveTokens(tokens: OAuthTokens): Promise<void> {
    await this.options.records.saveTokens(tokens, this.options.scope);
  }

  redirectToAuthorization(link: URL): void {
    this.link = link;
  }

  saveCodeVerifier(verifier: string): void {
    this.verifier = verifier;
  }

  codeVerifier(): string {
    return this.verifier ?? '';
  }

  /** A new sign-in asks anew who authorizes; one that goes on keeps to whom it began with. */
  discoveryState(): OAuthDiscoveryState | undefined {
    return this.options.verifier === undefined ? undefined : this.options.records.discovery;
  }

  async saveDiscoveryState(discovery: OAuthDiscoveryState): Promise<void> {
    await this.options.records.saveDiscovery(discovery);
  }

  async invalidateCredentials(): Promise<void> {
    await this.options.records.dropAll();
  }
}
