import type * as z from 'zod';
import type { JsonObject } from '../../../contract/json.ts';
import {
  callServerToolSchema,
  callToolResultSchema,
  getPromptResultSchema,
  getServerPromptSchema,
  readResourceResultSchema,
  readResourceSchema,
} from '../../../contract/operations.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { Servers } from '../../vmcp/configuration/servers.ts';
import { promptArguments } from '../../vmcp/operations/promptArguments.ts';
import type { RestRequests } from './restRequests.ts';
import { type Route, route } from './route.ts';

export interface ServerOperationRouteDependencies {
  servers: Servers;
  upstreams: Upstreams;
  requests: RestRequests;
}

/**
 * /api/mcp-servers/{server_id}/tools/call and its kin: using an MCP server as it is, without a vMCP,
 * to try it. Nothing is recorded in the statistics, which are those of vMCPs.
 */
export function serverOperationRoutes({
  servers,
  upstreams,
  requests,
}: ServerOperationRouteDependencies): Route[] {
  const perform = async (
    serverId: string,
    method: string,
    params: JsonObject,
    signal: AbortSignal,
  ): Promise<JsonObject> => {
    servers.get(serverId); // an unknown id is a 404, not a server without an answer
    const { caller } = requests.make(serverId, method, params, signal);
    return upstreams.call(serverId, { method, params, caller, signal });
  };
  return [
    route('post', '/api/mcp-servers/{server_id}/tools/call', {
      summary: 'Call a tool of an MCP server, arguments as they are',
      body: callServerToolSchema,
      reply: callToolResultSchema,
      handle: async ({ params, body, signal }) =>
        upstreamShape<typeof callToolResultSchema>(
          await perform(params.server_id, 'tools/call', body, signal),
        ),
    }),
    route('post', '/api/mcp-servers/{server_id}/resources/read', {
      summary: 'Read a resource of an MCP server',
      body: readResourceSchema,
      reply: readResourceResultSchema,
      handle: async ({ params, body, signal }) =>
        upstreamShape<typeof readResourceResultSchema>(
          await perform(params.server_id, 'resources/read', body, signal),
        ),
    }),
    route('post', '/api/mcp-servers/{server_id}/prompts/get', {
      summary: 'Get a prompt of an MCP server',
      body: getServerPromptSchema,
      reply: getPromptResultSchema,
      handle: async ({ params, body, signal }) => {
        const asked = { name: body.name, arguments: promptArguments(body.arguments) };
        return upstreamShape<typeof getPromptResultSchema>(
          await perform(params.server_id, 'prompts/get', asked, signal),
        );
      },
    }),
  ];
}

/** What upstreams said is passed on unchecked: MCP objects with fields nobody here knows. */
function upstreamShape<Reply extends z.ZodType>(body: JsonObject): z.input<Reply> {
  return body as z.input<Reply>;
}
