import * as z from 'zod';
import { jsonObjectSchema, nameSchema, timestampSchema } from './common.ts';
import {
  changedToolSchema,
  customPromptSchema,
  customResourceSchema,
  customToolSchema,
  exportedResourceSchema,
  storedResourceSchema,
} from './customItems.ts';
import { toolChangeCountsSchema } from './toolChanges.ts';

/** “all”, also of what comes later, or exactly these names (tools, prompts) or URIs (resources). */
export const selectionSchema = z.union([z.literal('all'), z.array(z.string())]);
export type Selection = z.infer<typeof selectionSchema>;

/** What a vMCP does with one argument of a tool. */
export const argumentOverrideSchema = z.strictObject({
  /** Fixed: clients do not see the argument, and sending it is an error. */
  value: z.json().optional(),
  /** Left out of the schema; refused for required arguments without a value. */
  hidden: z.boolean().optional(),
  /** Filled in where the client leaves the argument out. */
  default: z.json().optional(),
  description: z.string().optional(),
});
export type ArgumentOverride = z.infer<typeof argumentOverrideSchema>;

export const toolOverrideSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,46}$/, 'must be 1 to 46 of A-Z a-z 0-9 _ -')
    .optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  arguments: z.record(z.string(), argumentOverrideSchema).optional(),
});
export type ToolOverride = z.infer<typeof toolOverrideSchema>;

/** One server's part in a vMCP. Smaller `priority` comes first. */
export const vmcpServerSchema = z.object({
  server_id: z.string(),
  name: nameSchema,
  priority: z.number().int(),
  tools: selectionSchema,
  resources: selectionSchema,
  prompts: selectionSchema,
  overrides: z.record(z.string(), toolOverrideSchema),
});
export type VmcpServer = z.infer<typeof vmcpServerSchema>;

/** The same in a request: only `server_id` is needed; `name` is ignored (the server's own holds). */
export const vmcpServerInputSchema = z.strictObject({
  server_id: z.string(),
  name: z.string().optional(),
  priority: z.number().int().optional(),
  tools: selectionSchema.optional(),
  resources: selectionSchema.optional(),
  prompts: selectionSchema.optional(),
  overrides: z.record(z.string(), toolOverrideSchema).optional(),
});
export type VmcpServerInput = z.infer<typeof vmcpServerInputSchema>;

export const vmcpOptionsSchema = z.strictObject({
  /** `prefixed`: always `server_tool`; `plain`: the prefix only where two servers contest a name. */
  tool_names: z.enum(['prefixed', 'plain']).default('prefixed'),
  /** Resolve references in the arguments of MCP calls, too (REST calls always do unless told not to). */
  substitute_arguments: z.boolean().default(false),
  /** Pass on the servers' own instructions after the system prompt. */
  server_instructions: z.boolean().default(true),
  /** Results of tools over this size are cut: a preview, and a link to the rest. Without it none is. */
  max_result_bytes: z.number().int().min(1024).max(67_108_864).optional(),
  /**
   * A tool that changed, or is new, passes and is told (`notice`, also where nothing is said), or is
   * neither listed nor callable until it is accepted (`review`).
   */
  tool_changes: z.enum(['notice', 'review']).optional(),
  /**
   * Who answers what servers ask during calls (elicitation, sampling, roots): only the client that
   * called, VS Code where that client cannot (`editor`, also where nothing is said), or nobody.
   */
  questions: z.enum(['client', 'editor', 'refuse']).optional(),
});
export type VmcpOptions = z.infer<typeof vmcpOptionsSchema>;

export const activeConfigSchema = z.record(z.string(), z.json());

/** In place of a server's id and name: the vMCP's own tools, prompts and resources. */
export const ownItems = 'vmcp';

/** Something in a vMCP that does not fit (any more); shown, never silently dropped. */
export const vmcpProblemSchema = z.object({
  /** `vmcp` for the vMCP's own items. */
  server_id: z.string(),
  tool: z.string().optional(),
  argument: z.string().optional(),
  message: z.string(),
});
export type VmcpProblem = z.infer<typeof vmcpProblemSchema>;

/** What is stored of a vMCP; secret values of `active_config` stand as the mask. */
export const vmcpRecordSchema = z.object({
  vmcp_id: z.string(),
  name: nameSchema,
  description: z.string(),
  mcp_servers: z.array(vmcpServerSchema.omit({ name: true })),
  custom_tools: z.array(customToolSchema),
  custom_prompts: z.array(customPromptSchema),
  custom_resources: z.array(storedResourceSchema),
  active_config: activeConfigSchema,
  secret_keys: z.array(z.string()),
  system_prompt: z.string(),
  options: vmcpOptionsSchema,
  created_at: timestampSchema,
  updated_at: timestampSchema,
});
export type VmcpRecord = z.infer<typeof vmcpRecordSchema>;

/** A vMCP as REST shows it. */
export const vmcpSchema = vmcpRecordSchema.extend({
  mcp_servers: z.array(vmcpServerSchema),
  problems: z.array(vmcpProblemSchema),
  /** Hash of what it lists; changes whenever its tools, prompts or resources do. */
  revision: z.string(),
  /** How many of each it lists. */
  counts: z.object({ tools: z.number(), resources: z.number(), prompts: z.number() }),
  /** About how much of a model's context its tools take. */
  tokens: z.number().int(),
  /** How many of its servers' tools are not what they were when they were accepted. */
  tool_changes: toolChangeCountsSchema,
});
export type Vmcp = z.infer<typeof vmcpSchema>;

/** GET /api/vmcps/{id}/exposed-tools: what it lists and from where; no server is asked for it. */
export const exposedToolsSchema = z.object({
  tools: z.array(
    z.object({
      /** `vmcp` for the vMCP's own tools. */
      server_id: z.string(),
      /** The server's own name for it. */
      tool: z.string(),
      /** As MCP clients see it. */
      name: z.string(),
      canonical_name: z.string(),
      /** About how much of a model's context it takes: its name, description and input schema. */
      tokens: z.number().int(),
    }),
  ),
});
export type ExposedTools = z.infer<typeof exposedToolsSchema>;

const optional = {
  description: z.string().max(10_000),
  mcp_servers: z.array(vmcpServerInputSchema),
  custom_tools: z.array(customToolSchema).max(1000),
  custom_prompts: z.array(customPromptSchema).max(1000),
  custom_resources: z.array(customResourceSchema).max(1000),
  active_config: activeConfigSchema,
  secret_keys: z.array(z.string()),
  system_prompt: z.string().max(100_000),
  options: vmcpOptionsSchema,
};

/** POST /api/vmcps */
export const createVmcpSchema = z.strictObject({
  name: nameSchema,
  description: optional.description.optional(),
  mcp_servers: optional.mcp_servers.optional(),
  custom_tools: optional.custom_tools.optional(),
  custom_prompts: optional.custom_prompts.optional(),
  custom_resources: optional.custom_resources.optional(),
  active_config: optional.active_config.optional(),
  secret_keys: optional.secret_keys.optional(),
  system_prompt: optional.system_prompt.optional(),
  options: optional.options.optional(),
});
export type CreateVmcp = z.infer<typeof createVmcpSchema>;

/** What a new vMCP takes of the servers: everything, tools that only read, or nothing. */
export const vmcpTemplateSchema = z.enum(['all', 'read_only', 'blank']);
export type VmcpTemplate = z.infer<typeof vmcpTemplateSchema>;

/** POST /api/vmcps/from-template */
export const vmcpFromTemplateSchema = z.strictObject({
  name: nameSchema,
  description: optional.description.optional(),
  template: vmcpTemplateSchema,
  /** The servers to take, in this order; all that are enabled where it is left out. */
  server_ids: z.array(z.string()).max(1000).optional(),
});
export type VmcpFromTemplate = z.infer<typeof vmcpFromTemplateSchema>;

/** PUT /api/vmcps/{id}: what is left out stays, `null` clears, the mask keeps a secret value. */
export const updateVmcpSchema = z.object({
  name: nameSchema.optional(),
  description: optional.description.nullable().optional(),
  mcp_servers: optional.mcp_servers.nullable().optional(),
  custom_tools: z.array(changedToolSchema).max(1000).nullable().optional(),
  custom_prompts: optional.custom_prompts.nullable().optional(),
  custom_resources: optional.custom_resources.nullable().optional(),
  active_config: optional.active_config.nullable().optional(),
  secret_keys: optional.secret_keys.nullable().optional(),
  system_prompt: optional.system_prompt.nullable().optional(),
  options: optional.options.nullable().optional(),
});
export type UpdateVmcp = z.infer<typeof updateVmcpSchema>;

/** GET /api/vmcps/{id}/export and the body of POST /api/vmcps/import. Servers travel by definition. */
export const vmcpExportSchema = z.object({
  name: z.string().min(1),
  description: z.string().optional(),
  mcp_servers: z
    .array(
      z.looseObject({
        server_id: z.string().optional(),
        name: z.string().optional(),
        priority: z.number().int().optional(),
        tools: selectionSchema.optional(),
        resources: selectionSchema.optional(),
        prompts: selectionSchema.optional(),
        overrides: z.record(z.string(), toolOverrideSchema).optional(),
        transport_type: z.string().optional(),
        config: jsonObjectSchema.optional(),
        description: z.string().optional(),
      }),
    )
    .optional(),
  custom_tools: z.array(customToolSchema).optional(),
  custom_prompts: z.array(customPromptSchema).optional(),
  custom_resources: z.array(exportedResourceSchema).optional(),
  active_config: activeConfigSchema.optional(),
  secret_keys: z.array(z.string()).optional(),
  system_prompt: z.string().optional(),
  options: vmcpOptionsSchema.optional(),
});
export type VmcpExport = z.infer<typeof vmcpExportSchema>;

/** What POST /api/vmcps/import answers: the new vMCP, and what had to be changed to make it. */
export const importedVmcpSchema = vmcpSchema.extend({ notes: z.array(z.string()) });
