import { isLoopbackHost } from './loopbackHost.ts';

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

/**
 * Whether an origin is the server's own address. Nothing that it serves is a page, so no foreign script
 * can have it, and clients that send it (the MCP conformance suite asks for it) are let in.
 */
export function isOwnOrigin(origin: string | undefined, port: number | undefined): boolean {
  const host = /^http:\/\/(.+)$/i.exec(origin ?? '')?.[1];
  return host?.endsWith(`:${port}`) === true && isLoopbackHost(host, port);
}

/** Origins of the settings as they are compared: scheme and host are case-insensitive. */
export function originSet(origins: Iterable<string>): ReadonlySet<string> {
  return new Set([...origins].map((origin) => origin.trim().toLowerCase().replace(/\/$/, '')));
}
