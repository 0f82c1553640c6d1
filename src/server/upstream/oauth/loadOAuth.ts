/** What the SDK does of OAuth. */
export type OAuth = typeof import('@modelcontextprotocol/sdk/client/auth.js');

/** The SDK's schemas take long to be made, and few servers want a sign-in: they are made for the first that does. */
export function loadOAuth(): Promise<OAuth> {
  return import('@modelcontextprotocol/sdk/client/auth.js');
}
