import * as z from 'zod';
import { jsonObjectSchema, timestampSchema } from './common.ts';

const timeSchema = z.iso.datetime({ offset: true }).or(z.iso.date());

/** Which logged operations are meant; what is left out does not matter. */
const filterShape = {
  start_date: timeSchema.optional(),
  /** A date without a time includes its whole day. */
  end_date: timeSchema.optional(),
  vmcp_id: z.string().optional(),
  client_id: z.string().optional(),
  method: z.string().optional(),
  /** `vmcp` for tools of a vMCP's own. */
  server_id: z.string().optional(),
  /** A tool or prompt under its canonical name. */
  tool: z.string().optional(),
  success: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  /** Text in the target, client name, error, arguments or result; case of A–Z does not matter. */
  search: z.string().min(1).max(200).optional(),
};

/** GET /api/stats/overview */
export const statsFilterSchema = z.strictObject(filterShape);
export type StatsFilter = z.infer<typeof statsFilterSchema>;

/** GET /api/stats */
export const statsQuerySchema = z.strictObject({
  ...filterShape,
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(50),
});
export type StatsQuery = z.infer<typeof statsQuerySchema>;

/** GET /api/stats/logs */
export const logPageQuerySchema = z.strictObject({
  ...filterShape,
  /** `next` of the page before: rows that came since do not shift the pages. */
  before: z
    .string()
    .regex(/^\d{1,16}\.\d{1,16}$/, 'must be the `next` of a page')
    .optional(),
  page_size: z.coerce.number().int().min(1).max(200).default(50),
});
export type LogPageQuery = z.infer<typeof logPageQuerySchema>;

/** GET /api/stats/export */
export const logExportQuerySchema = z.strictObject({
  ...filterShape,
  format: z.enum(['csv', 'json']).default('csv'),
});

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

/** A logged operation without its values, as lists show it. */
export const logSummarySchema = logEntrySchema.omit({
  arguments: true,
  result: true,
  active_config_snapshot: true,
});
export type LogSummary = z.infer<typeof logSummarySchema>;

export const logPageSchema = z.object({
  logs: z.array(logSummarySchema),
  /** `before` of the next page; null on the last one. */
  next: z.string().nullable(),
});

/** Figures of a set of operations. Percentiles are exact to 3 %; null where there are none. */
const figuresShape = {
  calls: z.number().int(),
  errors: z.number().int(),
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
};
const usedShape = { ...figuresShape, last_used: timestampSchema };

export const statsOverviewSchema = z.object({
  /** What the buckets span. */
  start: timestampSchema,
  end: timestampSchema,
  bucket_ms: z.number().int(),
  /** The oldest single row; what is older counts by whole days (UTC). Null where there is none. */
  rows_since: timestampSchema.nullable(),
  totals: z.object({
    ...figuresShape,
    clients: z.number().int(),
    /** Operations of which single rows are kept. */
    rows: z.number().int(),
  }),
  /** Over time, without gaps, oldest first. */
  buckets: z.array(z.object({ time: timestampSchema, ...figuresShape })),
  /** Each list with the busiest first; 200 tools and clients at most. */
  tools: z.array(z.object({ server_id: z.string(), tool: z.string(), ...usedShape })),
  servers: z.array(z.object({ server_id: z.string(), ...usedShape })),
  clients: z.array(z.object({ client_id: z.string(), client_name: z.string(), ...usedShape })),
  vmcps: z.array(z.object({ vmcp_id: z.string(), ...usedShape })),
  methods: z.array(z.object({ method: z.string(), ...usedShape })),
});
export type StatsOverview = z.infer<typeof statsOverviewSchema>;

/** GET /api/stats/unused-tools: tools that are exposed and were never called. */
export const unusedToolsQuerySchema = z.strictObject({ vmcp_id: z.string().optional() });
export const unusedToolsSchema = z.object({
  tools: z.array(
    z.object({
      vmcp_id: z.string(),
      /** `vmcp` for tools of the vMCP's own. */
      server_id: z.string(),
      /** Canonical, as in the log. */
      tool: z.string(),
      /** The server's own name of it, as selections hold it. */
      name: z.string(),
      /** From when on calls of this vMCP are known. */
      since: timestampSchema,
    }),
  ),
});
export type UnusedTools = z.infer<typeof unusedToolsSchema>;
