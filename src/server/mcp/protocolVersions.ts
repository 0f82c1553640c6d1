/** Revisions of the session era this endpoint speaks, newest first. */
export const protocolVersions = [
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
] as const;

/** Assumed where a request carries neither session nor version (MCP basic/transports). */
export const assumedVersion = '2025-03-26';

export function isProtocolVersion(version: string): boolean {
  return protocolVersions.some((known) => known === version);
}

/** The client's version where it is spoken here, else the newest (MCP basic/lifecycle). */
export function negotiateVersion(requested: unknown): string {
  return typeof requested === 'string' && isProtocolVersion(requested)
    ? requested
    : protocolVersions[0];
}
