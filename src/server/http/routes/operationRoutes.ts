import type * as z from 'zod';
import type { JsonObject } from '../../../contract/json.ts';
import {
  callToolResultSchema,
  callToolSchema,
  getPromptResultSchema,
  getPromptSchema,
  promptsBodySchema,
  readResourceResultSchema,
  readResourceSchema,
  resourcesBodySchema,
  toolsBodySchema,
} from '../../../contract/operations.ts';
import { substituteArguments } from '../../template/substituteArguments.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import type { Operations } from '../../vmcp/operations/operations.ts';
import { argumentScope } from './argumentScope.ts';
import { restRequest } from './restRequest.ts';
import { type Route, route } from './route.ts';

export interface OperationRouteDependencies {
  vmcps: Vmcps;
  operations: Operations;
}

/** /api/vmcps/{vmcp_id}/tools and its kin: using a vMCP without an MCP client. */
export function operationRoutes(dependencies: OperationRouteDependencies): Route[] {
  return [...listRoutes(dependencies), ...callRoutes(dependencies)];
}

/** Lists under canonical names; the list is performed like a client's, so that it counts. */
function listRoutes({ vmcps, operations }: OperationRouteDependencies): Route[] {
  const listed = async (vmcpId: string, method: string, signal: AbortSignal) => {
    await operations.perform(restRequest(vmcpId, method, {}, signal));
    return vmcps.compiled(vmcpId);
  };
  return [
    route('get', '/api/vmcps/{vmcp_id}/tools', {
      summary: 'List the tools of a vMCP',
      reply: toolsBodySchema,
      handle: async ({ params, signal }) => {
        const { canonicalTools } = await listed(params.vmcp_id, 'tools/list', signal);
        return upstreamShape<typeof toolsBodySchema>({ tools: [...canonicalTools] });
      },
    }),
    route('get', '/api/vmcps/{vmcp_id}/resources', {
      summary: 'List the resources and resource templates of a vMCP',
      reply: resourcesBodySchema,
      handle: async ({ params, signal }) => {
        const compiled = await listed(params.vmcp_id, 'resources/list', signal);
        return upstreamShape<typeof resourcesBodySchema>({
          resources: [...compiled.resources],
          resource_templates: [...compiled.resourceTemplates],
        });
      },
    }),
    route('get', '/api/vmcps/{vmcp_id}/prompts', {
      summary: 'List the prompts of a vMCP',
      reply: promptsBodySchema,
      handle: async ({ params, signal }) => {
        const { canonicalPrompts } = await listed(params.vmcp_id, 'prompts/list', signal);
        return upstreamShape<typeof promptsBodySchema>({ prompts: [...canonicalPrompts] });
      },
    }),
  ];
}

function callRoutes({ vmcps, operations }: OperationRouteDependencies): Route[] {
  const substituted = async (vmcpId: string, args: JsonObject, signal: AbortSignal) => {
    const { secret_keys } = vmcps.get(vmcpId);
    const config = vmcps.maskedConfig(vmcpId);
    return await substituteArguments(args, argumentScope(args, config, secret_keys, signal));
  };
  return [
    route('post', '/api/vmcps/{vmcp_id}/tools/call', {
      summary: 'Call a tool, after @param and @config in its arguments are replaced',
      body: callToolSchema,
      reply: callToolResultSchema,
      handle: async ({ params: { vmcp_id }, body, signal }) => {
        const args = body.substitute
          ? await substituted(vmcp_id, body.arguments, signal)
          : body.arguments;
        const params = { name: body.name, arguments: args };
        const result = await operations.perform(restRequest(vmcp_id, 'tools/call', params, signal));
        return upstreamShape<typeof callToolResultSchema>(result);
      },
    }),
    route('post', '/api/vmcps/{vmcp_id}/resources/read', {
      summary: 'Read a resource',
      body: readResourceSchema,
      reply: readResourceResultSchema,
      handle: async ({ params: { vmcp_id }, body, signal }) => {
        const request = restRequest(vmcp_id, 'resources/read', { uri: body.uri }, signal);
        return upstreamShape<typeof readResourceResultSchema>(await operations.perform(request));
      },
    }),
    route('post', '/api/vmcps/{vmcp_id}/prompts/get', {
      summary: 'Get a prompt, after @param and @config in its arguments are replaced',
      body: getPromptSchema,
      reply: getPromptResultSchema,
      handle: async ({ params: { vmcp_id }, body, signal }) => {
        const args = body.substitute
          ? await substituted(vmcp_id, body.arguments, signal)
          : body.arguments;
        const params = { name: body.name, arguments: promptArguments(args) };
        const request = restRequest(vmcp_id, 'prompts/get', params, signal);
        return upstreamShape<typeof getPromptResultSchema>(await operations.perform(request));
      },
    }),
  ];
}

/** Arguments of prompts are strings (MCP server/prompts); other JSON stands as its text, null is left out. */
function promptArguments(args: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** What upstreams said is passed on unchecked: MCP objects with fields nobody here knows. */
function upstreamShape<Reply extends z.ZodType>(body: JsonObject): z.input<Reply> {
  return body as z.input<Reply>;
}
