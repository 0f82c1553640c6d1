import * as z from 'zod';
import { jsonValueSchema } from '../common.ts';
import type { JsonValue } from '../json.ts';
import type { McpServer } from '../servers.ts';
import type { Vmcp } from '../vmcps.ts';

/** What the window knows before the dashboard asks. */
export interface KnownNames {
  vmcps: readonly Vmcp[];
  servers: readonly McpServer[];
}

/** There is one dashboard, about everything. */
export const dashboardContextSchema = z.strictObject({});

/** A logged operation, as far as it can be done again. */
export const loggedCallSchema = z.object({
  vmcp_id: z.string(),
  method: z.string(),
  target: z.string().nullable(),
  mcp_server_id: z.string().nullable(),
  arguments: jsonValueSchema,
});
export type LoggedCall = z.infer<typeof loggedCallSchema>;

/** What became of an operation that was to be done again. */
export type RunOutcome =
  | { status: 'declined' }
  | { status: 'done'; success: boolean; result: JsonValue; duration_ms: number };

/** A tool of a vMCP to be listed or not. */
export const switchToolSchema = z.strictObject({
  vmcp_id: z.string(),
  server_id: z.string(),
  /** The server's own name of it. */
  name: z.string(),
  on: z.boolean(),
});

/** Which rows are written to a file: a query of GET /api/stats/export. */
export const exportRowsSchema = z.strictObject({ filter: z.record(z.string(), z.string()) });
