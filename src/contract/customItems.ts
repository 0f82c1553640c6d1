import * as z from 'zod';
import { jsonObjectSchema, jsonValueSchema, timestampSchema } from './common.ts';

/** Names of a vMCP's own items: what MCP clients see, unprefixed. */
export const itemNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,46}$/, 'must be 1 to 46 of A-Z a-z 0-9 _ -');

/** Types of variables; the long names are other spellings of the short ones. */
export const variableTypeSchema = z.enum([
  'str',
  'int',
  'float',
  'bool',
  'list',
  'dict',
  'string',
  'integer',
  'number',
  'boolean',
  'array',
  'object',
]);

/** A parameter of a custom tool or prompt. */
export const variableSchema = z.object({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
  type: variableTypeSchema.default('str'),
  description: z.string().optional(),
  required: z.boolean().default(false),
  default: jsonValueSchema.optional(),
  /** The only values it may have; offered as completions. */
  enum: z.array(jsonValueSchema).optional(),
  /** JSON Schema of what `type` leaves open (`items`, `properties`, `format` …): told, not checked. */
  schema: jsonObjectSchema.optional(),
});
export type Variable = z.infer<typeof variableSchema>;

const toolBase = {
  name: itemNameSchema,
  title: z.string().optional(),
  description: z.string().default(''),
  variables: z.array(variableSchema).default([]),
  keywords: z.array(z.string()).default([]),
  enabled: z.boolean().default(true),
  annotations: jsonObjectSchema.optional(),
};

/** A template; its rendering is the result. */
export const promptToolSchema = z.object({
  ...toolBase,
  tool_type: z.literal('prompt'),
  text: z.string().max(1_000_000),
});

/** Python code with a function `main`; its signature is the input schema. */
export const pythonToolSchema = z.object({
  ...toolBase,
  tool_type: z.literal('python'),
  code: z.string().max(1_000_000),
  /** MIME type of a `bytes` result. */
  media_type: z.string().optional(),
});

/** Credentials of an HTTP tool; values may be templates (`@config.key`). */
export const apiAuthSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('bearer'), token: z.string() }),
  z.object({
    type: z.literal('api_key'),
    key: z.string(),
    name: z.string().default('X-API-Key'),
    in: z.enum(['header', 'query']).default('header'),
  }),
  z.object({ type: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ type: z.literal('custom'), headers: z.record(z.string(), z.string()) }),
]);

/**
 * A request; every string in it is a template. `{name}` and a path segment `:name` in the URL are
 * parameters; what is put into path and query is encoded. Scheme and host come from the author only.
 */
export const apiConfigSchema = z.object({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
  /** Values keep their type until they are written; lists become repeated parameters. */
  query_params: z.record(z.string(), jsonValueSchema).default({}),
  cookies: z.record(z.string(), jsonValueSchema).optional(),
  /** Not sent with GET and HEAD. A multipart file is `{filename, content_type, data (base64) | text}`. */
  body: jsonValueSchema.optional(),
  body_type: z.enum(['json', 'form', 'multipart', 'text']).default('json'),
  auth: apiAuthSchema.default({ type: 'none' }),
  /** What of a JSON answer is the result: a JSON pointer (RFC 6901). */
  response_pointer: z.string().optional(),
  /** Or a template over it (`{{…}}` with the answer as context). */
  response_template: z.string().optional(),
  timeout_s: z.number().int().min(1).max(600).default(30),
  /** Largest answer, bytes. */
  max_response_bytes: z
    .number()
    .int()
    .min(1)
    .max(64 * 1024 * 1024)
    .default(10 * 1024 * 1024),
  /** Link-local and cloud metadata addresses are refused otherwise: they give out credentials. */
  allow_link_local: z.boolean().optional(),
});
export type ApiConfig = z.infer<typeof apiConfigSchema>;

export const httpToolSchema = z.object({
  ...toolBase,
  tool_type: z.literal('http'),
  api_config: apiConfigSchema,
  /** Where an import took it from. */
  imported_from: z.string().nullable().optional(),
});

/** One call in a composite tool. Strings are templates over `param` and `steps.<id>`. */
export const compositeStepSchema = z.object({
  id: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/),
  /** Any tool of the vMCP, by listed or canonical name. */
  tool: z.string().min(1),
  arguments: jsonObjectSchema.default({}),
  /** Rendered; a step whose condition is empty, `false`, `0` or null is left out. */
  if: z.string().optional(),
  /** Rendered to a list; the step runs once an item, as `{{item}}`, `{{index}}`. */
  for_each: z.string().optional(),
  max_items: z.number().int().min(1).max(1000).default(100),
  on_error: z.enum(['stop', 'continue', 'fallback']).default('stop'),
  /** The step's result where it failed and `on_error` is `fallback`. */
  fallback: jsonValueSchema.optional(),
});
export type CompositeStep = z.infer<typeof compositeStepSchema>;

export const compositeToolSchema = z.object({
  ...toolBase,
  tool_type: z.literal('composite'),
  steps: z.array(compositeStepSchema).min(1).max(50),
  /** A template for the result; without one it is the last step's. */
  output: z.string().optional(),
});

export const customToolSchema = z.discriminatedUnion('tool_type', [
  promptToolSchema,
  pythonToolSchema,
  httpToolSchema,
  compositeToolSchema,
]);
export type CustomTool = z.infer<typeof customToolSchema>;

/** In a list that takes the place of another, a renamed tool can bring its credentials along. */
const renamed = {
  /** The tool's name until now. */
  previous_name: itemNameSchema.optional(),
};

/** A tool in a PUT of its vMCP. */
export const changedToolSchema = z.discriminatedUnion('tool_type', [
  promptToolSchema.extend(renamed),
  pythonToolSchema.extend(renamed),
  httpToolSchema.extend(renamed),
  compositeToolSchema.extend(renamed),
]);
export type PromptTool = z.infer<typeof promptToolSchema>;
export type PythonTool = z.infer<typeof pythonToolSchema>;
export type HttpTool = z.infer<typeof httpToolSchema>;
export type CompositeTool = z.infer<typeof compositeToolSchema>;

/** A prompt of the vMCP's own: one text (a user message), or several messages. */
export const customPromptSchema = z.object({
  name: itemNameSchema,
  title: z.string().optional(),
  description: z.string().default(''),
  variables: z.array(variableSchema).default([]),
  text: z.string().max(1_000_000).optional(),
  messages: z
    .array(z.object({ role: z.enum(['user', 'assistant']), text: z.string().max(1_000_000) }))
    .optional(),
});
export type CustomPrompt = z.infer<typeof customPromptSchema>;

/** A resource of the vMCP's own: text, or a file whose bytes are sent apart. */
export const customResourceSchema = z.object({
  name: z.string().min(1).max(200),
  title: z.string().optional(),
  description: z.string().default(''),
  mime_type: z.string().default('text/plain'),
  text: z.string().max(1_000_000).optional(),
  /** Set by vMCP where the content is a file. */
  file: z.object({ bytes: z.number().int(), sha256: z.string() }).nullable().optional(),
  /** Stable: it survives a rename. */
  uri: z.string().optional(),
  updated_at: timestampSchema.optional(),
});
export type CustomResource = z.infer<typeof customResourceSchema>;

/** The same as it is kept: every resource has its URI by then. */
export const storedResourceSchema = customResourceSchema.extend({
  file: z.object({ bytes: z.number().int(), sha256: z.string() }).nullable(),
  uri: z.string(),
  updated_at: timestampSchema,
});
export type StoredResource = z.infer<typeof storedResourceSchema>;

/** In an export, the bytes of a file travel with it. */
export const exportedResourceSchema = customResourceSchema.extend({
  content_base64: z.base64().optional(),
});
export type ExportedResource = z.infer<typeof exportedResourceSchema>;
