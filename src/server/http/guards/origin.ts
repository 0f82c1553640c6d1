/**
 * Whether a request's `Origin` may use the server: programs send none, browsers always do for what a
 * page could abuse, so an origin has to be allowed by name (MCP basic/transports, security warning).
 */
export function isAllowedOrigin(
  origin: string | undefined,
  allowedOrigins: ReadonlySet<string>,
): boolean {
  return origin === undefined || allowedOrigins.has(origin.toLowerCase());
}

/** Origins of the settings as they are compared: scheme and host are case-insensitive. */
export function originSet(origins: Iterable<string>): ReadonlySet<string> {
  return new Set([...origins].map((origin) => origin.trim().toLowerCase().replace(/\/$/, '')));
}
