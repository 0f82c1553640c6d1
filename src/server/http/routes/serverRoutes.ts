import * as z from 'zod';
import type { JsonObject } from '../../../contract/json.ts';
import {
  connectResultSchema,
  consentAnswerSchema,
  createServerSchema,
  disconnectResultSchema,
  mcpServerSchema,
  serverCatalogSchema,
  serverOutputSchema,
  updateServerSchema,
} from '../../../contract/servers.ts';
import { deletedBodySchema } from '../../../contract/undo.ts';
import { NotFoundError } from '../../appErrors.ts';
import type { CatalogRecord } from '../../store/records.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { ToolSizes } from '../../vmcp/compile/toolSizes.ts';
import type { Servers } from '../../vmcp/configuration/servers.ts';
import { ToolKnowledge } from '../../vmcp/review/toolKnowledge.ts';
import { type Route, route } from './route.ts';

export interface ServerRouteDependencies {
  servers: Servers;
  upstreams: Upstreams;
  sizes: ToolSizes;
}

/** /api/mcp-servers: the configured MCP servers and their connections. */
export function serverRoutes(dependencies: ServerRouteDependencies): Route[] {
  return [...configurationRoutes(dependencies), ...connectionRoutes(dependencies)];
}

function configurationRoutes({ servers }: ServerRouteDependencies): Route[] {
  return [
    route('get', '/api/mcp-servers', {
      summary: 'List MCP servers',
      reply: z.array(mcpServerSchema),
      handle: () => servers.list(),
    }),
    route('post', '/api/mcp-servers', {
      summary: 'Create an MCP server',
      body: createServerSchema,
      status: 201,
      reply: mcpServerSchema,
      handle: ({ body, by }) => servers.create(body, by),
    }),
    route('get', '/api/mcp-servers/{server_id}', {
      summary: 'Get an MCP server',
      reply: mcpServerSchema,
      handle: ({ params }) => servers.get(params.server_id),
    }),
    route('put', '/api/mcp-servers/{server_id}', {
      summary: 'Change an MCP server: what is left out stays, null clears',
      body: updateServerSchema,
      reply: mcpServerSchema,
      handle: ({ params, body, by }) => servers.update(params.server_id, body, by),
    }),
    route('post', '/api/mcp-servers/{server_id}/consent', {
      summary: 'Allow, or deny, what was added or changed from outside VS Code',
      guard: 'admin',
      body: consentAnswerSchema,
      reply: mcpServerSchema,
      handle: ({ params, body }) => servers.answerConsent(params.server_id, body),
    }),
    route('delete', '/api/mcp-servers/{server_id}', {
      summary: 'Delete an MCP server and take it out of every vMCP',
      reply: deletedBodySchema,
      handle: async ({ params }) => {
        const undo = await servers.delete(params.server_id);
        return { message: 'MCP server deleted successfully', ...undo };
      },
    }),
  ];
}

function connectionRoutes({ servers, upstreams, sizes }: ServerRouteDependencies): Route[] {
  const knowledge = new ToolKnowledge();
  const connect = async (serverId: string, signal: AbortSignal) => {
    servers.get(serverId); // an unknown id is a 404, not a server without an answer
    const catalog = await upstreams.connect(serverId, signal);
    return { status: upstreams.state(serverId).status, capabilities: capabilitiesOf(catalog) };
  };
  return [
    route('post', '/api/mcp-servers/{server_id}/connect', {
      summary: 'Connect to an MCP server and read what it offers',
      reply: connectResultSchema,
      handle: ({ params, signal }) => connect(params.server_id, signal),
    }),
    route('post', '/api/mcp-servers/{server_id}/disconnect', {
      summary: 'End the connections to an MCP server; its next use connects again',
      reply: disconnectResultSchema,
      handle: async ({ params }) => {
        servers.get(params.server_id);
        await upstreams.disconnect(params.server_id);
        return { status: upstreams.state(params.server_id).status };
      },
    }),
    route('post', '/api/mcp-servers/{server_id}/restart', {
      summary: 'Disconnect from an MCP server and connect again',
      reply: connectResultSchema,
      handle: async ({ params, signal }) => {
        servers.get(params.server_id);
        await upstreams.disconnect(params.server_id);
        return connect(params.server_id, signal);
      },
    }),
    route('get', '/api/mcp-servers/{server_id}/catalog', {
      summary: 'What an MCP server offers, as it said it at the last connection',
      reply: serverCatalogSchema,
      handle: ({ params }) => catalogOf(servers.get(params.server_id).name, params.server_id),
    }),
    route('get', '/api/mcp-servers/{server_id}/output', {
      summary: 'The last lines that a stdio server wrote to stderr',
      reply: serverOutputSchema,
      handle: ({ params }) => {
        servers.get(params.server_id);
        return { lines: [...upstreams.output(params.server_id)] };
      },
    }),
  ];

  async function catalogOf(name: string, serverId: string) {
    const catalog = upstreams.catalog(serverId);
    if (!catalog) {
      throw new NotFoundError(`MCP server “${name}” was never connected`, 'Connect it first.');
    }
    const { server_id, fetched_at, tools, resources, resource_templates, prompts } = catalog;
    const tool_tokens = [...sizes.ofTools(tools)];
    const findings = await knowledge.findingsIn(tools);
    return {
      server_id,
      fetched_at,
      tools,
      tool_tokens,
      findings,
      resources,
      resource_templates,
      prompts,
    };
  }
}

/** A catalog in the short form that `connect` answers. */
function capabilitiesOf(catalog: CatalogRecord) {
  const uris = [
    ...textsOf(catalog.resources, 'uri'),
    ...textsOf(catalog.resource_templates, 'uriTemplate'),
  ];
  const schemes = uris.flatMap((uri) => /^[a-z][a-z0-9+.-]*:(?:\/\/)?/i.exec(uri)?.[0] ?? []);
  return {
    tools: textsOf(catalog.tools, 'name'),
    resources: [...new Set(schemes)],
    prompts: textsOf(catalog.prompts, 'name'),
  };
}

function textsOf(items: readonly JsonObject[], member: string): string[] {
  return items.flatMap((item) => {
    const value = item[member];
    return typeof value === 'string' ? [value] : [];
  });
}
