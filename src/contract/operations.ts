import * as z from 'zod';
import { jsonObjectSchema } from './common.ts';

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
