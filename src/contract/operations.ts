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

/** POST /api/mcp-servers/{id}/tools/call and prompts/get: an MCP server as it is, without a vMCP. */
export const callServerToolSchema = z.strictObject({
  name: z.string().min(1),
  arguments: jsonObjectSchema.default({}),
});
export const getServerPromptSchema = callServerToolSchema;

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

/** POST /api/vmcps/{id}/custom-tools/check: a tool that is being written, valid or not. */
export const checkToolSchema = z.strictObject({ tool: jsonObjectSchema });
export const checkedToolSchema = z.object({
  problems: z.array(
    z.object({
      /** Within the tool, like `steps.0.if`; empty for the tool as a whole. */
      path: z.string(),
      message: z.string(),
    }),
  ),
  /** What the tool takes, as far as it can be told. */
  input_schema: jsonObjectSchema,
  /** What the code of a Python tool says of it. */
  description: z.string(),
});
export type CheckedTool = z.infer<typeof checkedToolSchema>;

/** GET /api/vmcps/{id}/templates/names: what templates of a vMCP can refer to. */
export const templateNamesSchema = z.object({
  /** MCP objects under canonical names. */
  tools: toolsBodySchema.shape.tools,
  prompts: promptsBodySchema.shape.prompts,
  resources: resourcesBodySchema.shape.resources,
  /** Keys of the configuration. */
  config: z.array(z.string()),
});
export type TemplateNames = z.infer<typeof templateNamesSchema>;

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
export type TriedTool = z.infer<typeof triedToolSchema>;
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
export type TemplatePreview = z.infer<typeof templatePreviewSchema>;
