import type { Authorization, Challenge } from '../httpClient.ts';
import { UnauthorizedError, UpstreamError } from '../upstreamError.ts';
import { loadOAuth, type OAuth } from './loadOAuth.ts';
import { resourceOf } from './resource.ts';
import type { ServerOAuth } from './serverOAuth.ts';
import type { WantedSignIn } from './signInPreparation.ts';

const limitMs = 30_000;

/**
 * Puts the tokens of a sign-in into the requests of one connection, and answers refusals with a link to
 * sign in. A connection of a former configuration gets no token of the present one.
 */
export class BearerAuthorization implements Authorization {
  readonly #resource: string;
  #secrets: readonly string[] = [];

  /** @param address of the server, as it is configured */
  constructor(
    private readonly server: ServerOAuth,
    address: string,
  ) {
    this.#resource = resourceOf(address);
  }

  get secrets(): readonly string[] {
    return this.#secrets;
  }

  async header(): Promise<string | undefined> {
    if (this.server.resource !== this.#resource) return undefined;
    this.server.requireUnlocked();
    const token = await this.server.tokens.token();
    if (token === undefined || this.server.resource !== this.#resource) return undefined;
    if (!this.#secrets.includes(token)) this.#secrets = [token, ...this.#secrets.slice(0, 1)];
    return `Bearer ${token}`;
  }

  async challenged({ status, header, sent, isRepeated }: Challenge): Promise<boolean> {
    const params = await paramsOf(header);
    if (status === 403) {
      if (params.error !== 'insufficient_scope') return false;
      throw await this.#moreNeeded(params);
    }
    if (!isRepeated && sent !== undefined) {
      const now = await this.header();
      if (now !== undefined && now !== sent) return true; // renewed meanwhile
      if ((await this.server.tokens.renew()) !== undefined) return true;
    }
    throw await this.#signInNeeded(params, header !== undefined);
  }

  async #signInNeeded(params: ChallengeParams, mayBeOAuth: boolean): Promise<UpstreamError> {
    const { name } = this.server;
    try {
      const text = `Server "${name}" wants you to sign in. ${await this.#linkText(params, params.scope)}`;
      return new UnauthorizedError(name, text, { needs: { kind: 'sign_in' } });
    } catch (error) {
      if (error instanceof UpstreamError && error.code === 'locked') return error;
      const isOAuth = mayBeOAuth || this.server.isConfigured;
      const plain = `Server "${name}" refused with HTTP 401: it wants other credentials. Edit its authorization.`;
      if (!isOAuth || !(error instanceof UpstreamError)) {
        return new UnauthorizedError(name, plain, { cause: error });
      }
      const needs = { kind: 'sign_in' } as const;
      return new UnauthorizedError(name, error.message, { cause: error, needs });
    }
  }

  /** More is wanted than was granted: what there is and the rest are asked for together. */
  async #moreNeeded(params: ChallengeParams): Promise<UpstreamError> {
    const { name, grant } = this.server;
    const granted = scopesOf(grant?.scope);
    const missing = scopesOf(params.scope).filter((each) => !granted.includes(each));
    if (missing.length === 0) {
      const text = `Server "${name}" refuses the call although everything that it asks for (${params.scope ?? 'no scope named'}) was granted. Ask its operator for the rights.`;
      return new UpstreamError('auth_required', name, text);
    }
    const link = await this.#linkText(params, [...granted, ...missing].join(' '));
    const text = `Server "${name}" wants you to allow more (${missing.join(' ')}). ${link}`;
    return new UpstreamError('auth_required', name, text);
  }

  async #linkText({ resourceMetadataUrl }: ChallengeParams, scope: string | undefined) {
    const wanted: WantedSignIn = { scope, resourceMetadataUrl };
    const { link } = await this.server.begin(wanted, AbortSignal.timeout(limitMs));
    return `Open this link in a browser, then call again: ${link}`;
  }
}

type ChallengeParams = ReturnType<OAuth['extractWWWAuthenticateParams']>;

async function paramsOf(header: string | undefined): Promise<ChallengeParams> {
  const { extractWWWAuthenticateParams } = await loadOAuth();
  const headers: Record<string, string> =
    header === undefined ? {} : { 'www-authenticate': header };
  return extractWWWAuthenticateParams(new Response(null, { status: 401, headers }));
}

function scopesOf(scope: string | undefined): string[] {
  return (scope ?? '').split(' ').filter((each) => each !== '');
}
