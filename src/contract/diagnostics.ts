import * as z from 'zod';
import { timestampSchema } from './common.ts';
import { serverNeedSchema, serverStatusSchema, transportTypeSchema } from './servers.ts';

/** GET /api/admin/diagnostics: what helps whoever looks into a problem. Holds no secrets. */
export const diagnosticsSchema = z.object({
  version: z.string(),
  api: z.number().int(),
  taken_at: timestampSchema,
  uptime_s: z.number().int(),
  runtime: z.object({
    node: z.string(),
    electron: z.string().nullable(),
    platform: z.string(),
    arch: z.string(),
    system: z.string(),
    cpus: z.number().int(),
    total_memory_mb: z.number().int(),
  }),
  /** Megabytes. */
  memory: z.object({
    resident: z.number(),
    heap_used: z.number(),
    heap_total: z.number(),
    external: z.number(),
  }),
  /** What Node's event loop waits for, counted by kind: `Timeout`, `TCPSocketWrap` … */
  handles: z.record(z.string(), z.number().int()),
  settings: z.object({
    authentication: z.enum(['token', 'none']),
    log_level: z.string(),
    keeps_running: z.boolean(),
    telemetry: z.boolean(),
  }),
  counts: z.object({
    servers: z.number().int(),
    vmcps: z.number().int(),
    sessions: z.number().int(),
    calls_in_flight: z.number().int(),
    windows_and_launchers: z.number().int(),
  }),
  servers: z.array(
    z.object({
      server_id: z.string(),
      name: z.string(),
      transport_type: transportTypeSchema,
      enabled: z.boolean(),
      status: serverStatusSchema,
      last_error: z.string().nullable(),
      needs: serverNeedSchema.nullable(),
      last_connected: timestampSchema.nullable(),
      tools: z.number().int().nullable(),
    }),
  ),
  vmcps: z.array(
    z.object({
      vmcp_id: z.string(),
      name: z.string(),
      tools: z.number().int(),
      problems: z.array(z.string()),
    }),
  ),
  /** What the user was told to know: a damaged file, a port that is taken. */
  problems: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type DiagnosticsReport = z.infer<typeof diagnosticsSchema>;
