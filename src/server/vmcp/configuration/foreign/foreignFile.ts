import * as z from 'zod';

const text = z.string().nullish();
const names = z.array(z.string());
const selections = z.record(z.string(), names).nullish();

const variable = z.looseObject({
  name: z.string(),
  type: text,
  description: text,
  required: z.boolean().nullish(),
  default: z.json().optional(),
  default_value: z.json().optional(),
});
export type ForeignVariable = z.infer<typeof variable>;

const item = z.looseObject({
  name: z.string(),
  description: text,
  text,
  variables: z.array(variable).nullish(),
});
export type ForeignItem = z.infer<typeof item>;

const apiConfig = z.looseObject({
  method: text,
  url: text,
  headers: z.record(z.string(), z.json()).nullish(),
  headers_array: z.array(z.looseObject({ key: z.string(), value: z.json() })).nullish(),
  query_params: z.record(z.string(), z.json()).nullish(),
  body: z.json().optional(),
  body_parsed: z.json().optional(),
  auth: z
    .looseObject({
      type: text,
      token: text,
      apiKey: text,
      keyName: text,
      username: text,
      password: text,
      headers: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
});
export type ForeignApiConfig = z.infer<typeof apiConfig>;

const tool = item.extend({
  tool_type: z.string(),
  code: text,
  keywords: names.nullish(),
  imported_from: text,
  api_config: apiConfig.nullish(),
});
export type ForeignTool = z.infer<typeof tool>;

const server = z.looseObject({
  server_id: z.string(),
  name: z.string(),
  description: text,
  transport_type: text,
  command: text,
  args: z.array(z.string()).nullish(),
  env: z.record(z.string(), z.string()).nullish(),
  url: text,
  headers: z.record(z.string(), z.string()).nullish(),
  auth: z.looseObject({ type: text, access_token: text }).nullish(),
  resource_template_details: z.array(z.looseObject({ name: text, uriTemplate: text })).nullish(),
  enabled: z.boolean().nullish(),
});
export type ForeignServer = z.infer<typeof server>;

/** A vMCP as 1xn-vmcp writes it; only what is taken over is looked at. */
export const foreignVmcpSchema = z.looseObject({
  name: z.string().min(1),
  description: text,
  vmcp_config: z.looseObject({
    selected_servers: z.array(server).nullish(),
    selected_tools: selections,
    selected_prompts: selections,
    selected_resources: selections,
    selected_resource_templates: selections,
    selected_tool_overrides: z
      .record(z.string(), z.record(z.string(), z.looseObject({ name: text, description: text })))
      .nullish(),
  }),
  custom_prompts: z.array(item).nullish(),
  custom_tools: z.array(tool).nullish(),
  custom_resources: z
    .array(
      z.looseObject({
        resource_name: text,
        original_filename: text,
        content_type: text,
        description: text,
      }),
    )
    .nullish(),
  environment_variables: z
    .array(z.looseObject({ name: z.string(), value: z.json().optional() }))
    .nullish(),
  system_prompt: z.union([z.string(), z.looseObject({ text })]).nullish(),
});
export type ForeignVmcp = z.infer<typeof foreignVmcpSchema>;
