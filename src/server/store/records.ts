import type { ListKind } from '../../contract/events.ts';
import type { JsonObject } from '../../contract/json.ts';
import type { ServerRecord } from '../../contract/servers.ts';
import type { VmcpRecord } from '../../contract/vmcps.ts';

/** What an upstream offers, exactly as it said it, and what was learned about it. */
export interface CatalogRecord {
  server_id: string;
  fetched_at: string;
  /** Hash of the configuration it was fetched with; another one makes the catalog stale. */
  config_hash: string;
  server_info: JsonObject;
  protocol_version: string;
  capabilities: JsonObject;
  instructions: string | null;
  tools: JsonObject[];
  resources: JsonObject[];
  resource_templates: JsonObject[];
  prompts: JsonObject[];
  /** When it was last asked of which era it is; ISO 8601. */
  era_at?: string;
  /** It sent `roots/list` once: its connections are kept apart by roots. */
  asks_roots: boolean;
  /** It sent sampling or elicitation requests once: on stdio, sessions take turns. */
  asks_clients: boolean;
}

/** A client's session of the session era: enough to go on after a restart. */
export interface SessionRecord {
  session_id: string;
  vmcp_id: string;
  /** Client token it came with; null without one. */
  token_id: string | null;
  protocol_version: string;
  capabilities: JsonObject;
  client_info: JsonObject;
  log_level: string | null;
  /** Subscribed URIs, as the client wrote them. */
  subscriptions: string[];
  created_at: string;
  last_used: string;
}

/** Names a vMCP has given out: who has each, and since when it is free. */
export interface NameClaimsRecord {
  vmcp_id: string;
  claims: Record<ListKind, NameClaim[]>;
}

export interface NameClaim {
  /** The name (or URI) as listed. */
  listed: string;
  /** `<server id>\n<the server's own name>`. */
  origin: string;
  /** When the origin left; null while it is there. */
  freed_at: string | null;
  /** How a name was asked for (naming option and override): another wish makes a new name. None for URIs. */
  wish?: string;
}

/** A token that opens MCP addresses only. The token itself is kept, since URLs must be shown again. */
export interface ClientTokenRecord {
  token_id: string;
  name: string;
  token: string;
  /** Only this vMCP; null for all. */
  vmcp_id: string | null;
  created_at: string;
  revoked_at: string | null;
  /** To the hour. */
  last_used?: string;
}

/** Named values of the server itself: its port, what it asked the user once. */
export interface SettingRecord {
  key: string;
  value: JsonObject;
}

/** Every collection of the store: its record type, and the field that identifies a record. */
export interface Collections {
  servers: ServerRecord;
  vmcps: VmcpRecord;
  catalogs: CatalogRecord;
  sessions: SessionRecord;
  nameClaims: NameClaimsRecord;
  clientTokens: ClientTokenRecord;
  settings: SettingRecord;
}
export type CollectionName = keyof Collections;

export const idFields = {
  servers: 'server_id',
  vmcps: 'vmcp_id',
  catalogs: 'server_id',
  sessions: 'session_id',
  nameClaims: 'vmcp_id',
  clientTokens: 'token_id',
  settings: 'key',
} as const satisfies { [K in CollectionName]: keyof Collections[K] };
export const collectionNames = Object.keys(idFields) as CollectionName[];

/** True for the name of a collection; names in a file may be anything. */
export function isCollectionName(name: unknown): name is CollectionName {
  return typeof name === 'string' && Object.hasOwn(idFields, name);
}

/** One step of a write: put a whole record, or delete one. */
export type Change = {
  [K in CollectionName]: { collection: K; put: Collections[K] } | { collection: K; delete: string };
}[CollectionName];
