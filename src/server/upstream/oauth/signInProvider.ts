import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
} from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import { checkIssuer } from './issuer.ts';

/** What the configuration of a server says of its sign-in. */
export interface OAuthSettings {
  /** A client registered beforehand; without it one is registered as the server allows. */
  clientId: string | undefined;
  clientSecret: string | undefined;
  /** Address of a client metadata document, used as the client's id where the server takes that. */
  clientMetadataUrl: string | undefined;
  scope: string | undefined;
}

export interface SignInProviderOptions {
  settings: OAuthSettings;
  redirect: string;
  state: string;
  /** A client that was registered before with the same address of return. */
  registered: OAuthClientInformationMixed | undefined;
}

/** A sign-in up to its link, as the SDK's flow asks for its parts; what came of it stands in the fields. */
export class SignInProvider implements OAuthClientProvider {
  /** Where the browser is to go. */
  link: URL | undefined;
  verifier: string | undefined;
  discovery: OAuthDiscoveryState | undefined;
  /** The client that was registered for this sign-in. */
  newClient: OAuthClientInformationMixed | undefined;
  readonly clientMetadataUrl?: string;

  constructor(private readonly options: SignInProviderOptions) {
    const { clientMetadataUrl } = options.settings;
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
  }

  get redirectUrl(): string {
    return this.options.redirect;
  }

  get clientMetadata(): OAuthClientMetadata & { application_type: 'native' | 'web' } {
    const { settings, redirect } = this.options;
    const { scope } = settings;
    return {
      client_name: 'vMCP',
      // Without a word of it servers take a client for one of the web, and refuse addresses of this machine.
      application_type: redirect.startsWith('https:') ? 'web' : 'native',
      redirect_uris: [redirect],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...(scope !== undefined && { scope }),
    };
  }

  state(): string {
    return this.options.state;
  }

  clientInformation(): OAuthClientInformationMixed | undefined {
    const { clientId, clientSecret } = this.options.settings;
    if (clientId === undefined) return this.newClient ?? this.options.registered;
    return {
      client_id: clientId,
      ...(clientSecret !== undefined && { client_secret: clientSecret }),
    };
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    if (this.options.settings.clientId === undefined) this.newClient = client; // else the user's
  }

  /** None: a sign-in is asked for because those there are do not do. */
  tokens(): undefined {
    return undefined;
  }

  saveTokens(): void {
    throw new Error('a sign-in begins without tokens');
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

  /** @throws Error before anything is sent to a server that claims to be another */
  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    checkIssuer(discovery);
    this.discovery = discovery;
  }
}
