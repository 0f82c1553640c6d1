import * as z from 'zod';
import { jsonObjectSchema, timestampSchema } from './common.ts';

/** GET /api/stats */
export const statsQuerySchema = z.strictObject({
  start_date: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
  end_date: z.iso.datetime({ offset: true }).or(z.iso.date()).optional(),
  vmcp_id: z.string().optional(),
  client_id: z.string().optional(),
  method: z.string().optional(),
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(50),
});
export type StatsQuery = z.infer<typeof statsQuerySchema>;

/** One MCP or REST operation. A value over 4 KiB stands as `{truncated, bytes, preview}`. */
export const logEntrySchema = z.object({
  log_id: z.string(),
  client_id: z.string(),
  client_name: z.string(),
  vmcp_id: z.string(),
  method: z.string(),
  /** The tool, prompt or URI; null for lists. */
  target: z.string().nullable(),
  mcp_server_id: z.string().nullable(),
  arguments: z.json(),
  result: z.json(),
  success: z.boolean(),
  error: z.string().nullable(),
  duration_ms: z.number(),
  /** How many tools the vMCP exposed at that moment. */
  tools_exposed: z.number().int(),
  active_config_snapshot: jsonObjectSchema,
  timestamp: timestampSchema,
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const statsBodySchema = z.object({
  stats: z.object({
    total_logs: z.number().int(),
    active_clients: z.number().int(),
    total_vmcps: z.number().int(),
    total_tool_calls: z.number().int(),
    avg_tools_per_call: z.number(),
  }),
  logs: z.array(logEntrySchema),
  pagination: z.object({
    page: z.number().int(),
    page_size: z.number().int(),
    total_pages: z.number().int(),
    total_items: z.number().int(),
  }),
});
export type StatsBody = z.infer<typeof statsBodySchema>;
