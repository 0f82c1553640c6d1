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
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import type { Operations } from '../../vmcp/operations/operations.ts';
import { promptArguments } from '../../vmcp/operations/promptArguments.ts';
import type { RestRequests } from './restRequests.ts';
import { type Route, route } from './route.ts';

export interface OperationRouteDependencies {
  vmcps: Vmcps;
  operations: Operations;
  requests: RestRequests;
}

/** /api/vmcps/{vmcp_id}/tools and its kin: using a vMCP without an MCP client. */
export function operationRoutes(dependencies: OperationRouteDependencies): Route[] {
  return [...listRoutes(dependencies), ...callRoutes(dependencies)];
}

/** Lists under canonical names; the list is performed like a client's, so that it counts. */
function listRoutes({ vmcps, operations, requests }: OperationRouteDependencies): Route[] {
  const listed = async (vmcpId: string, method: string, signal: AbortSignal) => {
    await operations.perform(requests.make(vmcpId, method, {}, signal));
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

function callRoutes({ operations, requests }: OperationRouteDependencies): Route[] {
  return [
    route('post', '/api/vmcps/{vmcp_id}/tools/call', {
      summary: 'Call a tool, after @param and @config in its arguments are replaced',
      body: callToolSchema,
      reply: callToolResultSchema,
      handle: async ({ params: { vmcp_id }, body, signal }) => {
        const { substitute, ...params } = body;
        const request = requests.make(vmcp_id, 'tools/call', params, signal);
        const result = await operations.perform({ ...request, substitute });
        return upstreamShape<typeof callToolResultSchema>(result);
      },
    }),
    route('post', '/api/vmcps/{vmcp_id}/resources/read', {
      summary: 'Read a resource',
      body: readResourceSchema,
      reply: readResourceResultSchema,
      handle: async ({ params: { vmcp_id }, body, signal }) => {
        const request = requests.make(vmcp_id, 'resources/read', { uri: body.uri }, signal);
        return upstreamShape<typeof readResourceResultSchema>(await operations.perform(request));
      },
    }),
    route('post', '/api/vmcps/{vmcp_id}/prompts/get', {
      summary: 'Get a prompt, after @param and @config in its arguments are replaced',
      body: getPromptSchema,
      reply: getPromptResultSchema,
      handle: async ({ params: { vmcp_id }, body, signal }) => {
        const { substitute, name } = body;
        const params = { name, arguments: promptArguments(body.arguments) };
        const request = requests.make(vmcp_id, 'prompts/get', params, signal);
        const result = await operations.perform({ ...request, substitute });
        return upstreamShape<typeof getPromptResultSchema>(result);
      },
    }),
  ];
}

/** What upstreams said is passed on unchecked: MCP objects with fields nobody here knows. */
function upstreamShape<Reply extends z.ZodType>(body: JsonObject): z.input<Reply> {
  return body as z.input<Reply>;
}
