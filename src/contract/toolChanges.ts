import * as z from 'zod';
import { jsonObjectSchema } from './common.ts';

/** Something in the texts of a tool that people should look at. */
export const toolFindingSchema = z.object({
  /** `hidden-characters`, `very-long`, or one of the rules of wording. */
  rule: z.string(),
  /** What is wrong, for people: follows “its text”. */
  meaning: z.string(),
  /** JSON pointer of the text in the tool. */
  place: z.string(),
  /** The text around it, hidden characters made visible. */
  excerpt: z.string(),
});
export type ToolFinding = z.infer<typeof toolFindingSchema>;

/** A tool that is not what it was when it was accepted in a vMCP. */
export const toolChangeSchema = z.object({
  server_id: z.string(),
  server_name: z.string(),
  tool: z.string(),
  kind: z.enum(['new', 'changed']),
  /** Neither listed nor callable until it is accepted. */
  held_back: z.boolean(),
  /** What was accepted, where that is still known. */
  before: jsonObjectSchema.nullable(),
  after: jsonObjectSchema,
  /** Of `after`: an acceptance names it. */
  fingerprint: z.string(),
  /** What in `after` people should look at. */
  findings: z.array(toolFindingSchema),
});
export type ToolChange = z.infer<typeof toolChangeSchema>;

/** GET /api/vmcps/{id}/tool-changes */
export const toolChangesSchema = z.object({ changes: z.array(toolChangeSchema) });

/** POST /api/vmcps/{id}/tool-changes/accept: these, as they were looked at, or (left out) all. */
export const acceptToolChangesSchema = z.strictObject({
  changes: z
    .array(z.strictObject({ server_id: z.string(), tool: z.string(), fingerprint: z.string() }))
    .optional(),
});
export type AcceptToolChanges = z.infer<typeof acceptToolChangesSchema>;

/** How many tools of a vMCP differ from what was accepted. */
export const toolChangeCountsSchema = z.object({
  held_back: z.number().int(),
  /** Listed and callable, and not yet looked at. */
  noticed: z.number().int(),
});
export type ToolChangeCounts = z.infer<typeof toolChangeCountsSchema>;
