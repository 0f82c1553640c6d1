import type * as z from 'zod';
import {
  previewTemplateSchema,
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
import { restRequest } from './restRequest.ts';
import { type Route, route } from './route.ts';

export interface TemplateRouteDependencies {
  vmcps: Vmcps;
  operations: Operations;
}

/** What editors of custom items ask while one is being written. */
export function templateRoutes({ vmcps, operations }: TemplateRouteDependencies): Route[] {
  return [
    route('post', '/api/vmcps/{vmcp_id}/custom-tools/try', {
      summary: 'Run a custom tool that need not be saved',
      body: tryToolSchema,
      reply: triedToolSchema,
      handle: async ({ params, body, signal }) => {
        const request = restRequest(
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

function whyUnknown(compiled: CompiledVmcp, kind: ItemKind, name: string): string | undefined {
  try {
    resolveReference(compiled, kind, name);
    return undefined;
  } catch (error) {
    if (error instanceof UnresolvedError) return error.message;
    throw error;
  }
}
