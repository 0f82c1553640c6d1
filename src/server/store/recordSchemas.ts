import * as z from 'zod';
import { jsonObjectSchema } from '../../contract/common.ts';
import { listKindSchema } from '../../contract/events.ts';
import { serverRecordSchema } from '../../contract/servers.ts';
import { vmcpRecordSchema } from '../../contract/vmcps.ts';
import type { CollectionName } from './records.ts';

/** What a stored record must look like to be taken into the server; unknown members stay. */
export const recordSchemas: Readonly<Record<CollectionName, z.ZodType>> = {
  servers: serverRecordSchema,
  vmcps: vmcpRecordSchema,
  catalogs: z.object({
    server_id: z.string(),
    fetched_at: z.string(),
    config_hash: z.string(),
    server_info: jsonObjectSchema,
    protocol_version: z.string(),
    capabilities: jsonObjectSchema,
    instructions: z.string().nullable(),
    tools: z.array(jsonObjectSchema),
    resources: z.array(jsonObjectSchema),
    resource_templates: z.array(jsonObjectSchema),
    prompts: z.array(jsonObjectSchema),
    era_at: z.string().optional(),
    asks_roots: z.boolean(),
    asks_clients: z.boolean(),
  }),
  sessions: z.object({
    session_id: z.string(),
    vmcp_id: z.string(),
    token_id: z.string().nullable(),
    protocol_version: z.string(),
    capabilities: jsonObjectSchema,
    client_info: jsonObjectSchema,
    log_level: z.string().nullable(),
    subscriptions: z.array(z.string()),
    created_at: z.string(),
    last_used: z.string(),
  }),
  nameClaims: z.object({
    vmcp_id: z.string(),
    claims: z.record(
      listKindSchema,
      z.array(
        z.object({ listed: z.string(), origin: z.string(), freed_at: z.string().nullable() }),
      ),
    ),
  }),
  clientTokens: z.object({
    token_id: z.string(),
    name: z.string(),
    token: z.string(),
    vmcp_id: z.string().nullable(),
    created_at: z.string(),
    revoked_at: z.string().nullable(),
    last_used: z.string().optional(),
  }),
  settings: z.object({ key: z.string(), value: jsonObjectSchema }),
};
