import type { OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';

/**
 * Tells the authorization server that tokens are not used any more (RFC 7009), where it takes that.
 * @throws Error where it does not answer or refuses
 */
export async function revokeTokens(
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
