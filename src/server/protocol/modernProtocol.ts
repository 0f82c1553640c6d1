/** The revision of the era without sessions that is spoken here. */
export const modernVersion = '2026-07-28';

/** What a client may choose from when its version is refused. */
export const modernVersions = [modernVersion] as const;

const reservedPrefix = 'io.modelcontextprotocol/';

/** Members of `params._meta` and of results' `_meta` (MCP 2026-07-28, basic, “_meta”). */
export const metaKeys = {
  protocolVersion: `${reservedPrefix}protocolVersion`,
  clientCapabilities: `${reservedPrefix}clientCapabilities`,
  clientInfo: `${reservedPrefix}clientInfo`,
  logLevel: `${reservedPrefix}logLevel`,
  serverInfo: `${reservedPrefix}serverInfo`,
  subscriptionId: `${reservedPrefix}subscriptionId`,
} as const;

/** Reserved keys that servers of the session era know, too. */
const sharedKeys = new Set([
  `${reservedPrefix}related-task`,
  `${reservedPrefix}model-immediate-response`,
]);

/** Whether a key of `_meta` says something only in the era without sessions. */
export function isModernMetaKey(key: string): boolean {
  return key.startsWith(reservedPrefix) && !sharedKeys.has(key);
}

/** Whether a version is of this era or a later one; revisions are dates. */
export function isModernVersion(version: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= modernVersion;
}

/** Error codes that came with 2026-07-28. */
export const modernCodes = {
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedVersion: -32022,
} as const;
