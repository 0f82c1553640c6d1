import * as z from 'zod';
import { jsonObjectSchema, nameSchema, timestampSchema } from './common.ts';
import { toolFindingSchema } from './toolChanges.ts';

export const transportTypeSchema = z.enum(['stdio', 'http', 'sse']);
export type TransportType = z.infer<typeof transportTypeSchema>;

const headersSchema = z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), z.string());

/** How a server is reached. Values of `env` and `headers` are secrets: answers show the mask. */
export const stdioConfigSchema = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  cwd: z.string().optional(),
});
export const remoteConfigSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }),
  headers: headersSchema.default({}),
});
export type StdioConfig = z.infer<typeof stdioConfigSchema>;
export type RemoteConfig = z.infer<typeof remoteConfigSchema>;

/** Credentials sent to a remote server; every value but names, ids, addresses and scopes is a secret. */
export const authSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), token: z.string() }),
  z.strictObject({
    type: z.literal('api_key'),
    key: z.string(),
    name: z.string().default('X-API-Key'),
    in: z.enum(['header', 'query']).default('header'),
  }),
  z.strictObject({ type: z.literal('basic'), username: z.string(), password: z.string() }),
  z.strictObject({ type: z.literal('headers'), headers: headersSchema }),
  /** The user signs in; without a client id vMCP registers itself where the server allows it. */
  z.strictObject({
    type: z.literal('oauth'),
    client_id: z.string().min(1).optional(),
    client_secret: z.string().optional(),
    /** Used as the client's id at servers that take the address of a metadata document for one. */
    client_metadata_url: z.url({ protocol: /^https$/ }).optional(),
    scope: z.string().optional(),
  }),
]);
export type ServerAuth = z.infer<typeof authSchema>;

/** When a server is started: at its first use, at the first list of a vMCP, or with vMCP itself. */
export const startModeSchema = z.enum(['onUse', 'onList', 'always']);

export const serverStatusSchema = z.enum([
  'disconnected',
  'connecting',
  'connected',
  'auth_required',
  'error',
  'locked',
  /** Its user has not allowed (any more) what it starts or reaches. */
  'consent_required',
]);
export type ServerStatus = z.infer<typeof serverStatusSchema>;

/** Client capabilities that can be withheld from one server. */
export const withholdableSchema = z.enum(['roots', 'sampling', 'elicitation']);

const optional = {
  description: z.string().max(10_000),
  auth: authSchema,
  enabled: z.boolean(),
  start: startModeSchema,
  /** Seconds a call may stay without progress. */
  call_timeout_s: z.number().int().min(1).max(86_400),
  withheld_capabilities: z.array(withholdableSchema),
};

/** What is stored of a server: its configuration, secrets replaced by the mask. */
export const serverRecordSchema = z.object({
  server_id: z.string(),
  name: nameSchema,
  description: optional.description,
  transport_type: transportTypeSchema,
  config: z.union([stdioConfigSchema, remoteConfigSchema]),
  auth: optional.auth,
  enabled: optional.enabled,
  start: optional.start,
  call_timeout_s: optional.call_timeout_s,
  withheld_capabilities: optional.withheld_capabilities,
  last_connected: timestampSchema.nullable(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
});
export type ServerRecord = z.infer<typeof serverRecordSchema>;

/** What the user has to do before a server can be used, where vMCP can help with it. */
export const serverNeedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sign_in') }),
  /** A secret that its configuration names is not there. */
  z.object({ kind: z.literal('secret'), name: z.string() }),
]);
export type ServerNeed = z.infer<typeof serverNeedSchema>;

/** Whether the user agreed to what a server starts or reaches. */
export const serverConsentSchema = z.object({
  state: z.enum(['given', 'required', 'denied']),
  /** What an answer is about; another one after each change that has to be asked about. */
  request: z.string(),
});
export type ServerConsent = z.infer<typeof serverConsentSchema>;

/** POST /api/mcp-servers/{id}/consent: the user's answer to the request that was shown. */
export const consentAnswerSchema = z.strictObject({
  decision: z.enum(['allow', 'deny']),
  request: z.string(),
});
export type ConsentAnswer = z.infer<typeof consentAnswerSchema>;

/** A server as REST shows it: the record and its state. */
export const mcpServerSchema = serverRecordSchema.extend({
  status: serverStatusSchema,
  last_error: z.string().nullable(),
  needs: serverNeedSchema.nullable(),
  consent: serverConsentSchema,
  /** The user's sign-in there; null without one. */
  signed_in: z
    .object({ scope: z.string().nullable(), expires_at: timestampSchema.nullable() })
    .nullable(),
  /** Counts of the cached catalog; null before the first connection. */
  catalog: z
    .object({
      tools: z.number(),
      resources: z.number(),
      resource_templates: z.number(),
      prompts: z.number(),
      /** About how much of a model's context all of its tools would take. */
      tokens: z.number().int(),
      fetched_at: timestampSchema,
    })
    .nullable(),
});
export type McpServer = z.infer<typeof mcpServerSchema>;

const clearable = <T extends z.ZodType>(schema: T) => schema.nullable().optional();

/** POST /api/mcp-servers. `config` must fit `transport_type`. */
export const createServerSchema = z.strictObject({
  name: nameSchema,
  transport_type: transportTypeSchema,
  config: z.union([stdioConfigSchema, remoteConfigSchema]),
  description: optional.description.optional(),
  auth: optional.auth.optional(),
  enabled: optional.enabled.optional(),
  start: optional.start.optional(),
  call_timeout_s: optional.call_timeout_s.optional(),
  withheld_capabilities: optional.withheld_capabilities.optional(),
});
export type CreateServer = z.infer<typeof createServerSchema>;

/**
 * PUT /api/mcp-servers/{id}: what is left out stays, `null` clears to the default, the mask keeps a
 * secret. Read-only fields of an answer are accepted and ignored, so that GET then PUT changes nothing.
 */
export const updateServerSchema = z.object({
  name: nameSchema.optional(),
  transport_type: transportTypeSchema.optional(),
  config: z.union([stdioConfigSchema, remoteConfigSchema]).optional(),
  description: clearable(optional.description),
  auth: clearable(optional.auth),
  enabled: clearable(optional.enabled),
  start: clearable(optional.start),
  call_timeout_s: clearable(optional.call_timeout_s),
  withheld_capabilities: clearable(optional.withheld_capabilities),
});
export type UpdateServer = z.infer<typeof updateServerSchema>;

/** POST /api/mcp-servers/{id}/connect */
export const connectResultSchema = z.object({
  status: serverStatusSchema,
  capabilities: z.object({
    tools: z.array(z.string()),
    /** The distinct `scheme://` prefixes of its resources and templates. */
    resources: z.array(z.string()),
    prompts: z.array(z.string()),
  }),
});

/** GET /api/mcp-servers/{id}/catalog: what the server offers, as it said it. */
export const serverCatalogSchema = z.object({
  server_id: z.string(),
  fetched_at: timestampSchema,
  tools: z.array(jsonObjectSchema),
  /** About how many tokens each of the tools takes, in the same order. */
  tool_tokens: z.array(z.number().int()),
  /** What in the texts of its tools people should look at. */
  findings: z.array(toolFindingSchema.extend({ tool: z.string() })),
  resources: z.array(jsonObjectSchema),
  resource_templates: z.array(jsonObjectSchema),
  prompts: z.array(jsonObjectSchema),
});

/** GET /api/mcp-servers/{id}/output: the last lines of a stdio server's stderr. */
export const serverOutputSchema = z.object({ lines: z.array(z.string()) });

/** POST /api/mcp-servers/{id}/sign-in */
export const signInSchema = z.strictObject({
  /** Where the browser is to come back to, where that is not an address of this machine. */
  redirect_uri: z
    .url()
    .regex(/^(?!(?:javascript|data|blob|file|about):)/i, 'Not an address to come back to')
    .optional(),
});
export const signInLinkSchema = z.object({
  /** To be opened in a browser. */
  authorization_url: z.string(),
  expires_at: timestampSchema,
});

/** POST /api/mcp-servers/{id}/sign-out */
export const signOutResultSchema = z.object({ message: z.string() });

/** POST /api/oauth/answer: what an authorization server sent back to an address that VS Code took. */
export const signInAnswerSchema = z.strictObject({ query: z.string().max(16_384) });
export const signInOutcomeSchema = z.object({ signed_in: z.boolean() });

/** POST /api/mcp-servers/{id}/disconnect */
export const disconnectResultSchema = z.object({ status: serverStatusSchema });
