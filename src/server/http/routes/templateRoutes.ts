import type * as z from 'zod';
import { customToolSchema } from '../../../contract/customItems.ts';
import type { JsonObject } from '../../../contract/json.ts';
import {
  type CheckedTool,
  checkedToolSchema,
  checkToolSchema,
  previewTemplateSchema,
  templateNamesSchema,
  templatePreviewSchema,
  triedToolSchema,
  tryToolSchema,
} from '../../../contract/operations.ts';
import { previewTemplate } from '../../template/previewTemplate.ts';
import { UnresolvedError } from '../../template/templateError.ts';
import type { CompiledVmcp } from '../../vmcp/compile/compiledVmcp.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import { type ItemKind, resolveReference } from '../../vmcp/naming/references.ts';
import type { Operations } from '../../vmcp/operations/operations.ts';
import type { RestRequests } from './restRequests.ts';
import { type Route, route } from './route.ts';

export interface TemplateRouteDependencies {
  vmcps: Vmcps;
  operations: Operations;
  requests: RestRequests;
}

/** What editors of custom items ask while one is being written. */
export function templateRoutes({
  vmcps,
  operations,
  requests,
}: TemplateRouteDependencies): Route[] {
  return [
    route('post', '/api/vmcps/{vmcp_id}/custom-tools/try', {
      summary: 'Run a custom tool that need not be saved',
      body: tryToolSchema,
      reply: triedToolSchema,
      handle: async ({ params, body, signal }) => {
        const request = requests.make(
          params.vmcp_id,
          'tools/call',
          { arguments: body.arguments },
          signal,
        );
        const started = performance.now();
        const { result, ...more } = await operations.tryTool(request, body.tool);
        const tried = { ...more, result, duration_ms: performance.now() - started };
        return tried as z.input<typeof triedToolSchema>; // MCP objects are passed on unchecked
      },
    }),
    route('post', '/api/vmcps/{vmcp_id}/custom-tools/check', {
      summary: 'What is wrong with a custom tool, and what it takes; nothing is saved or run',
      body: checkToolSchema,
      reply: checkedToolSchema,
      handle: ({ params, body }) => checkTool(vmcps, params.vmcp_id, body.tool),
    }),
    route('get', '/api/vmcps/{vmcp_id}/templates/names', {
      summary: 'What templates of a vMCP can refer to; servers are not asked anew',
      reply: templateNamesSchema,
      handle: ({ params }) => {
        const { canonicalTools, canonicalPrompts, resources, record } = vmcps.compiled(
          params.vmcp_id,
        );
        const names = {
          ...{ tools: canonicalTools, prompts: canonicalPrompts, resources },
          config: Object.keys(record.active_config),
        };
        return names as unknown as z.input<typeof templateNamesSchema>; // MCP objects, unchecked
      },
    }),
    route('post', '/api/vmcps/{vmcp_id}/templates/preview', {
      summary: 'The references in a template and what is wrong with it; nothing is rendered',
      body: previewTemplateSchema,
      reply: templatePreviewSchema,
      handle: ({ params, body }) => {
        const compiled = vmcps.compiled(params.vmcp_id);
        const { active_config } = compiled.record;
        const config = (name: string) => Object.hasOwn(active_config, name);
        const parameters = new Set(body.variables.map(({ name }) => name));
        return previewTemplate(body.text, {
          config,
          param: (name) => parameters.has(name) || config(name),
          item: (kind, name) => whyUnknown(compiled, kind, name),
        });
      },
    }),
  ];
}

async function checkTool(vmcps: Vmcps, vmcpId: string, tool: JsonObject): Promise<CheckedTool> {
  const parsed = customToolSchema.safeParse(tool);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      path: path.map(String).join('.'),
      message,
    }));
    return { problems, input_schema: { type: 'object' }, description: '' };
  }
  const { problems, inputSchema, description } = await vmcps.signature(vmcpId, parsed.data);
  return { problems, input_schema: inputSchema, description };
}

function whyUnknown(compiled: CompiledVmcp, kind: ItemKind, name: string): string | undefined {
  try {
    resolveReference(compiled, kind, name);
    return undefined;
  } catch (error) {
    if (error instanceof UnresolvedError) return error.message;
    throw error;
  }
}
