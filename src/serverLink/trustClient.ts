import * as z from 'zod';
import { type NamedSecret, namedSecretSchema } from '../contract/namedSecrets.ts';
import { signInLinkSchema, signInOutcomeSchema } from '../contract/servers.ts';
import type { RestClient } from './restClient.ts';

/** Preparing a sign-in asks several foreign servers, one after the other. */
const signInTimeoutMs = 45_000;

/** The part of the REST API about who may be trusted with what: sign-ins and secrets. */
export class TrustClient {
  constructor(private readonly rest: RestClient) {}

  /**
   * Prepares a sign-in at a remote server.
   * @param redirect where the browser is to come back to; undefined: an address of the server's machine
   * @returns the link for the browser
   */
  async signIn(
    serverId: string,
    redirect: string | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    const path = `/api/mcp-servers/${encodeURIComponent(serverId)}/sign-in`;
    const body = redirect === undefined ? {} : { redirect_uri: redirect };
    const answer = await this.rest.forward('POST', path, {
      ...{ body, signal, timeoutMs: signInTimeoutMs },
    });
    return signInLinkSchema.parse(answer).authorization_url;
  }

  async signOut(serverId: string): Promise<void> {
    const path = `/api/mcp-servers/${encodeURIComponent(serverId)}/sign-out`;
    await this.rest.forward('POST', path, { timeoutMs: signInTimeoutMs });
  }

  /** Hands over what came back to an address of VS Code. @returns whether the user is signed in now */
  async answerSignIn(query: string): Promise<boolean> {
    const body = { query };
    const path = '/api/oauth/answer';
    const answer = await this.rest.forward('POST', path, { body, timeoutMs: signInTimeoutMs });
    return signInOutcomeSchema.parse(answer).signed_in;
  }

  async secrets(): Promise<NamedSecret[]> {
    return z.array(namedSecretSchema).parse(await this.rest.forward('GET', '/api/secrets', {}));
  }

  async setSecret(name: string, value: string): Promise<void> {
    const path = `/api/secrets/${encodeURIComponent(name)}`;
    await this.rest.forward('PUT', path, { body: { value } });
  }

  async deleteSecret(name: string): Promise<void> {
    await this.rest.forward('DELETE', `/api/secrets/${encodeURIComponent(name)}`, {});
  }
}
