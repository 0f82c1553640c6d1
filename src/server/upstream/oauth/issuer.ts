import type { OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';

/**
 * Refuses metadata in which a server calls itself another one (RFC 8414, section 3.3), with which it could
 * have codes of that one sent to itself. Paths may differ: a few name a tenant in one of the two only.
 * @throws Error
 */
export function checkIssuer({ authorizationServerUrl, ...discovery }: OAuthDiscoveryState): void {
  const issuer = discovery.authorizationServerMetadata?.issuer;
  if (issuer === undefined || originOf(issuer) === originOf(authorizationServerUrl)) return;
  const text = `the authorization server at ${originOf(authorizationServerUrl)} says that it is ${originOf(issuer)}`;
  throw new Error(`${text}. This may be an attack; ask the server's operator.`);
}

/**
 * Refuses an answer that another authorization server gave (RFC 9207).
 * @throws Error
 */
export function checkAnsweringIssuer(
  query: URLSearchParams,
  { authorizationServerMetadata: metadata }: OAuthDiscoveryState,
): void {
  const said = query.get('iss');
  const mustSay =
    metadata !== undefined &&
    'authorization_response_iss_parameter_supported' in metadata &&
    metadata.authorization_response_iss_parameter_supported === true;
  if (said === null ? !mustSay : said === (metadata?.issuer ?? said)) return;
  const from =
    said === null
      ? 'does not say which authorization server it is from'
      : 'is from another authorization server than was asked';
  throw new Error(`the answer ${from}, and does not count`);
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
