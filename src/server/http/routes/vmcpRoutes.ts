import * as z from 'zod';
import { type Endpoint, endpointSchema } from '../../../contract/admin.ts';
import { acceptToolChangesSchema, toolChangesSchema } from '../../../contract/toolChanges.ts';
import { deletedBodySchema } from '../../../contract/undo.ts';
import {
  createVmcpSchema,
  exposedToolsSchema,
  importedVmcpSchema,
  updateVmcpSchema,
  vmcpExportSchema,
  vmcpFromTemplateSchema,
  vmcpSchema,
} from '../../../contract/vmcps.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import { fromTemplate } from '../../vmcp/configuration/fromTemplate.ts';
import type { Servers } from '../../vmcp/configuration/servers.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import type { Access } from '../access.ts';
import type { ClientTokens } from '../clientTokens.ts';
import { bodyLimits } from '../readBody.ts';
import { type Route, route } from './route.ts';

/** How a client starts the launcher for one vMCP. */
export type LauncherEntry = z.infer<typeof endpointSchema>['launcher'];

export interface VmcpRouteDependencies {
  vmcps: Vmcps;
  access: Access;
  clientTokens: ClientTokens;
  servers: Servers;
  upstreams: Pick<Upstreams, 'catalog'>;
  launcherEntry(vmcpId: string): LauncherEntry;
}

/** /api/vmcps: what vMCPs there are, and what they are made of. */
export function vmcpRoutes(dependencies: VmcpRouteDependencies): Route[] {
  const { vmcps } = dependencies;
  return [
    route('get', '/api/vmcps', {
      summary: 'List vMCPs',
      reply: z.array(vmcpSchema),
      handle: () => vmcps.list(),
    }),
    route('post', '/api/vmcps', {
      summary: 'Create a vMCP',
      body: createVmcpSchema,
      status: 201,
      reply: vmcpSchema,
      handle: ({ body }) => vmcps.create(body),
    }),
    route('post', '/api/vmcps/import', {
      summary: 'Create a vMCP from an exported one; `notes` tell what was renamed or made',
      body: vmcpExportSchema,
      bodyLimit: bodyLimits.import, // files travel in it
      status: 201,
      reply: importedVmcpSchema,
      handle: async ({ body, by }) => {
        const { vmcp, notes } = await vmcps.import(body, by);
        return { ...vmcp, notes };
      },
    }),
    route('post', '/api/vmcps/from-template', {
      summary:
        'Create a vMCP of all servers, or of the tools that only read; `notes` tell what is left out',
      body: vmcpFromTemplateSchema,
      status: 201,
      reply: importedVmcpSchema,
      handle: async ({ body }) => {
        const { body: wanted, notes } = fromTemplate(body, dependencies);
        return { ...(await vmcps.create(wanted)), notes };
      },
    }),
    route('get', '/api/vmcps/{vmcp_id}', {
      summary: 'Get a vMCP',
      reply: vmcpSchema,
      handle: ({ params }) => vmcps.get(params.vmcp_id),
    }),
    route('put', '/api/vmcps/{vmcp_id}', {
      summary: 'Change a vMCP: what is left out stays, null clears',
      body: updateVmcpSchema,
      reply: vmcpSchema,
      handle: ({ params, body, by }) => vmcps.update(params.vmcp_id, body, by),
    }),
    route('delete', '/api/vmcps/{vmcp_id}', {
      summary: 'Delete a vMCP',
      reply: deletedBodySchema,
      handle: async ({ params }) => {
        const undo = await vmcps.delete(params.vmcp_id);
        return { message: 'vMCP deleted successfully', ...undo };
      },
    }),
    route('get', '/api/vmcps/{vmcp_id}/export', {
      summary: 'Export a vMCP without its secrets',
      reply: vmcpExportSchema,
      handle: ({ params }) => vmcps.export(params.vmcp_id),
    }),
    route('get', '/api/vmcps/{vmcp_id}/exposed-tools', {
      summary: 'What a vMCP lists at present, from where, and about how large; asks no server',
      reply: exposedToolsSchema,
      handle: ({ params }) => vmcps.exposedTools(params.vmcp_id),
    }),
    route('get', '/api/vmcps/{vmcp_id}/tool-changes', {
      summary: 'Tools of its servers that are not what they were when they were accepted',
      reply: toolChangesSchema,
      handle: ({ params }) => ({ changes: vmcps.toolChanges(params.vmcp_id) }),
    }),
    route('post', '/api/vmcps/{vmcp_id}/tool-changes/accept', {
      summary: 'Accept changed tools as they were looked at, or all; what was held back is listed',
      guard: 'admin',
      body: acceptToolChangesSchema,
      reply: vmcpSchema,
      handle: async ({ params, body }) => {
        await vmcps.acceptToolChanges(params.vmcp_id, body);
        return vmcps.get(params.vmcp_id);
      },
    }),
    route('get', '/api/vmcps/{vmcp_id}/endpoint', {
      summary: 'How MCP clients reach a vMCP',
      reply: endpointSchema,
      handle: ({ params, baseUrl }) => endpointOf(dependencies, params.vmcp_id, baseUrl),
    }),
  ];
}

/** How clients reach a vMCP. @throws NotFoundError */
export async function endpointOf(
  dependencies: VmcpRouteDependencies,
  vmcpId: string,
  baseUrl: string,
): Promise<Endpoint> {
  return {
    url: `${baseUrl}${await endpointPath(dependencies, vmcpId)}`,
    server_name: dependencies.vmcps.compiled(vmcpId).serverName,
    launcher: dependencies.launcherEntry(vmcpId),
  };
}

/** By id, so that the address outlives a new name; with a client token where one is needed. */
async function endpointPath(
  { vmcps, access, clientTokens }: VmcpRouteDependencies,
  vmcpId: string,
): Promise<string> {
  vmcps.get(vmcpId);
  if (access.authentication === 'none') return `/mcp/${vmcpId}`;
  const { token } = await clientTokens.forAddress(vmcpId);
  return `/t/${token}/mcp/${vmcpId}`;
}
