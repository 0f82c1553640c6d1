import * as z from 'zod';
import { nameSchema, timestampSchema } from './common.ts';

/** The REST API's major version: a window of another one has to be reloaded. */
export const apiVersion = 1;

/** `server.json` in the storage folder (mode 0600): where the running server is. */
export const serverFileSchema = z.object({
  instance: z.string(),
  host: z.string(),
  pid: z.number().int(),
  port: z.number().int(),
  adminToken: z.string(),
  version: z.string(),
  startedAt: z.string(),
});
export type ServerFile = z.infer<typeof serverFileSchema>;

/** GET /health. With `?nonce=…`, `proof` is hex HMAC-SHA256(adminToken, nonce). */
export const healthSchema = z.object({
  status: z.literal('ok'),
  version: z.string(),
  pid: z.number().int(),
  api: z.number().int(),
  proof: z.string().optional(),
});

/**
 * First message of a window or launcher on `/ws`; its connection is the lease. Sent again where
 * something of it has changed.
 */
export const leaseMessageSchema = z.object({
  type: z.literal('lease'),
  holder: z.enum(['window', 'launcher']),
  version: z.string(),
  /** The holder's environment, for new children; without VS Code's own variables. */
  env: z.record(z.string(), z.string()).optional(),
  /** The folders open in the window, for servers that are asked for their lists by no client. */
  folders: z.array(z.object({ uri: z.string(), name: z.string() })).optional(),
  /** Whether the window answers questions of servers in place of clients. */
  answers: z.boolean().optional(),
  /** Whether the user is in the window. */
  focused: z.boolean().optional(),
});
export type LeaseMessage = z.infer<typeof leaseMessageSchema>;

/** Message of a window that has a lease: the user is in it now. */
export const focusMessageSchema = z.object({ type: z.literal('focused') });
export type FocusMessage = z.infer<typeof focusMessageSchema>;

/** POST /api/admin/secrets-key: hands over the key of `secrets.json` (base64, 32 bytes). */
export const secretsKeySchema = z.strictObject({ key: z.base64() });

/** POST /api/admin/stop: ends the server; `successor` when a newer version is about to take over. */
export const stopServerSchema = z.strictObject({ successor: z.boolean().default(false) });

/** POST /api/admin/settings: settings of VS Code that the server follows. */
export const serverSettingsSchema = z.strictObject({
  keepRunning: z.enum(['whileVSCodeIsOpen', 'always']).optional(),
  authentication: z.enum(['token', 'none']).optional(),
  allowedOrigins: z.array(z.string()).optional(),
  logLevel: z.enum(['debug', 'info', 'warning', 'error']).optional(),
  logRows: z.number().int().min(100).max(1_000_000).optional(),
  logDays: z.number().int().min(1).max(3650).optional(),
  /** Address of the registry in which servers are looked up. */
  registryUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Base address of a collector of OpenTelemetry traces (OTLP/HTTP); empty for none. */
  otlpEndpoint: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).optional(),
  /** The port of later starts with `--port auto`: the answer to the problem `port_taken`. */
  port: z.number().int().min(1).max(65_535).optional(),
});
export type ServerSettings = z.infer<typeof serverSettingsSchema>;

/** GET /api/vmcps/{id}/endpoint: how clients reach a vMCP. */
export const endpointSchema = z.object({
  /** Streamable HTTP address; holds a client token where authentication is on. */
  url: z.string(),
  /** Server name in 13 characters, unique among the vMCPs. */
  server_name: z.string(),
  launcher: z.object({
    command: z.string(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
  }),
});
export type Endpoint = z.infer<typeof endpointSchema>;

/** GET /: where everything is. */
export const addressesSchema = z.object({
  name: z.literal('vMCP'),
  version: z.string(),
  api: z.string(),
  openapi: z.string(),
  events: z.string(),
  vmcps: z.array(z.object({ vmcp_id: z.string(), name: z.string(), mcp: z.string() })),
});

/** POST /api/admin/client-tokens: a token that opens MCP addresses, of one vMCP or (null) of all. */
export const createClientTokenSchema = z.strictObject({
  name: nameSchema,
  vmcp_id: z.string().nullable().default(null),
});
export const clientTokenSchema = z.object({
  token_id: z.string(),
  name: z.string(),
  token: z.string(),
  vmcp_id: z.string().nullable(),
  created_at: timestampSchema,
  /** To the hour; null where it was never used. */
  last_used: timestampSchema.nullable(),
});
export type ClientToken = z.infer<typeof clientTokenSchema>;
