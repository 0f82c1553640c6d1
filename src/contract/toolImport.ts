import * as z from 'zod';
import { jsonValueSchema } from './common.ts';
import { httpToolSchema } from './customItems.ts';

/** What HTTP tools can be made from: an OpenAPI 2.0 to 3.1 document, a Postman collection, curl lines. */
export const importFormatSchema = z.enum(['openapi', 'postman', 'curl']);
export type ImportFormat = z.infer<typeof importFormatSchema>;

/** A document to make HTTP tools from. */
export const toolImportRequestSchema = z.strictObject({
  /** Told by the text itself where it is left out. */
  format: importFormatSchema.optional(),
  text: z.string().min(1),
  /** Where the document is from: relative addresses in it start there. */
  source_url: z.url({ protocol: /^https?$/ }).optional(),
  /** The ids of the operations to take; all where it is left out. */
  operations: z.array(z.string()).optional(),
  /** Names that the tools may not have. */
  taken_names: z.array(z.string()).optional(),
});
export type ToolImportRequest = z.infer<typeof toolImportRequestSchema>;

/** What became of one operation of a document. */
export const importedOperationSchema = z.object({
  /** The same each time the document is read. */
  id: z.string(),
  /** For people, e.g. `GET /users/{id}`. */
  operation: z.string(),
  /** Folders or tags that it stands under, outermost first. */
  folder: z.array(z.string()),
  /** Left out where `skipped` says why. */
  tool: httpToolSchema.optional(),
  /** What could not be taken over as it is. */
  notes: z.array(z.string()),
  skipped: z.string().optional(),
});
export type ImportedOperation = z.infer<typeof importedOperationSchema>;

export const toolImportSchema = z.object({
  format: importFormatSchema,
  title: z.string(),
  operations: z.array(importedOperationSchema),
  /** What the tools refer to by `@config.<key>`; to be added to `active_config`. */
  config: z.record(z.string(), jsonValueSchema),
  /** Credentials that the tools refer to in the same way; their values are never taken over. */
  secrets: z.array(z.object({ key: z.string(), description: z.string() })),
  /** About the document as a whole. */
  notes: z.array(z.string()),
});
export type ToolImport = z.infer<typeof toolImportSchema>;
