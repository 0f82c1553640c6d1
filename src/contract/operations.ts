import * as z from 'zod';
import { jsonObjectSchema } from './common.ts';
import { customToolSchema } from './customItems.ts';

/** GET /api/vmcps/{id}/tools and its kin answer the MCP objects under their canonical names. */
export const toolsBodySchema = z.object({
  tools: z.array(z.looseObject({ name: z.string(), inputSchema: jsonObjectSchema })),
});
export const resourcesBodySchema = z.object({
  resources: z.array(z.looseObject({ uri: z.string() })),
  resource_templates: z.array(z.looseObject({ uriTemplate: z.string() })),
});
export const promptsBodySchema = z.object({
  prompts: z.array(z.looseObject({ name: z.string() })),
});

/** POST /api/vmcps/{id}/tools/call. `substitute: false` leaves references in the arguments as text. */
export const callToolSchema = z.strictObject({
  name: z.string().min(1),
  arguments: jsonObjectSchema.default({}),
  substitute: z.boolean().default(true),
});
export const readResourceSchema = z.strictObject({ uri: z.string().min(1) });
export const getPromptSchema = z.strictObject({
  name: z.string().min(1),
  arguments: jsonObjectSchema.default({}),
  substitute: z.boolean().default(true),
});

export const callToolResultSchema = z.looseObject({ content: z.array(jsonObjectSchema) });
export const readResourceResultSchema = z.looseObject({ contents: z.array(jsonObjectSchema) });
export const getPromptResultSchema = z.looseObject({ messages: z.array(jsonObjectSchema) });

/** POST /api/vmcps/{id}/custom-tools/try: a tool that need not be saved. */
export const tryToolSchema = z.strictObject({
  tool: customToolSchema,
  arguments: jsonObjectSchema.default({}),
});
export const triedToolSchema = z.object({
  result: callToolResultSchema,
  duration_ms: z.number(),
  /** What the tool printed (Python). */
  printed: z.string().optional(),
  /** The request as it was sent, secrets masked (HTTP). */
  resolved_request: jsonObjectSchema.optional(),
});

/** POST /api/vmcps/{id}/templates/preview */
export const previewTemplateSchema = z.strictObject({
  text: z.string().max(1_000_000),
  /** Parameters of what the text belongs to. */
  variables: z.array(z.object({ name: z.string() })).default([]),
});

/** A place in the text: UTF-16 units from its beginning, and as editors count. */
const placeShape = {
  start: z.number().int(),
  end: z.number().int(),
  line: z.number().int(),
  column: z.number().int(),
};
export const templatePreviewSchema = z.object({
  references: z.array(
    z.object({
      kind: z.enum(['param', 'config', 'tool', 'prompt', 'resource', 'variable', 'section']),
      name: z.string(),
      arguments: jsonObjectSchema,
      ...placeShape,
    }),
  ),
  problems: z.array(
    z.object({ message: z.string(), severity: z.enum(['error', 'warning']), ...placeShape }),
  ),
});
