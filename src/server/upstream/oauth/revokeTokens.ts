import type { OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Log } from '../../log.ts';
import { oauthFetch } from './oauthFetch.ts';
import type { SignedIn } from './oauthRecords.ts';
import { reasonOf } from './reasons.ts';

const limitMs = 30_000;

/**
 * Tells the authorization server that a sign-in is over (RFC 7009), where it takes that; the log says
 * where it could not be told.
 * @param signal ends it early
 */
export async function giveBack(
  { accessToken, refreshToken, client, discovery, resource }: SignedIn,
  { server, log }: { server: string; log: Log },
  signal: AbortSignal = AbortSignal.timeout(limitMs),
): Promise<void> {
  const tokens = [refreshToken, accessToken].filter((token) => token !== undefined);
  const fetch = oauthFetch(resource, signal);
  await revokeTokens(tokens, discovery, client, fetch).catch((error: unknown) => {
    const reason = reasonOf(error, tokens);
    log.warning('tokens could not be revoked', { server, reason });
  });
}

/** @throws Error where the authorization server does not answer or refuses */
async function revokeTokens(
  tokens: readonly string[],
  discovery: OAuthDiscoveryState,
  client: OAuthClientInformationMixed | undefined,
  fetch: FetchLike,
): Promise<void> {
  const endpoint = revocationEndpoint(discovery);
  if (endpoint === undefined || !client) return;
  for (const token of tokens) {
    const body = new URLSearchParams({ token, client_id: client.client_id });
    const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded' };
    if (client.client_secret !== undefined) {
      const pair = [client.client_id, client.client_secret].map(encodeURIComponent).join(':');
      headers.Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    const { ok, status } = await fetch(endpoint, { method: 'POST', headers, body });
    if (!ok) throw new Error(`the revocation answered HTTP ${status}`);
  }
}

function revocationEndpoint({ authorizationServerMetadata: metadata }: OAuthDiscoveryState) {
  const endpoint = metadata && 'revocation_endpoint' in metadata && metadata.revocation_endpoint;
  return typeof endpoint === 'string' ? endpoint : undefined;
}
