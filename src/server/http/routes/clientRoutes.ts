import type { Endpoint } from '../../../contract/admin.ts';
import {
  clientEntryBodySchema,
  clientEntrySchema,
  clientFilesBodySchema,
  clientFilesSchema,
  exportBodySchema,
  exportListSchema,
  exportPreviewSchema,
  writeExportSchema,
  writtenExportSchema,
} from '../../../contract/clientFiles.ts';
import { messageBodySchema } from '../../../contract/common.ts';
import {
  importedServersSchema,
  importPreviewSchema,
  importServersSchema,
  importSourceSchema,
} from '../../../contract/serverImport.ts';
import { entryFor, entryName, entryText } from '../../clients/clientEntry.ts';
import type { ClientExports, ExportedVmcp } from '../../clients/clientExports.ts';
import type { ClientFiles } from '../../clients/clientFiles.ts';
import type { ServerImports } from '../../clients/serverImports.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import { type Route, route } from './route.ts';

export interface ClientRouteDependencies {
  vmcps: Vmcps;
  clientFiles: ClientFiles;
  clientExports: ClientExports;
  serverImports: ServerImports;
  /** How clients reach a vMCP. */
  reach(vmcpId: string, baseUrl: string): Promise<Pick<Endpoint, 'url' | 'launcher'>>;
}

/**
 * Configuration files of other MCP clients. Behind the admin token always: they are read and written
 * with the user's rights.
 */
export function clientRoutes(dependencies: ClientRouteDependencies): Route[] {
  return [...importRoutesOf(dependencies), ...exportRoutesOf(dependencies)];
}

function importRoutesOf({ clientFiles, serverImports }: ClientRouteDependencies): Route[] {
  return [
    route('post', '/api/clients/files', {
      summary: 'The configuration files of other MCP clients, and how many servers stand in each',
      guard: 'admin',
      body: clientFilesBodySchema,
      reply: clientFilesSchema,
      handle: async ({ body }) => ({ files: await clientFiles.list(body.places) }),
    }),
    route('post', '/api/import/servers/preview', {
      summary: 'What a pasted text, or files of other clients, would add; nothing is saved',
      guard: 'admin',
      body: importSourceSchema,
      reply: importPreviewSchema,
      handle: ({ body }) => serverImports.preview(body),
    }),
    route('post', '/api/import/servers', {
      summary: 'Add servers from a pasted text or from files of other clients',
      guard: 'admin',
      body: importServersSchema,
      status: 201,
      reply: importedServersSchema,
      handle: ({ body, by }) => serverImports.import(body, by),
    }),
  ];
}

function exportRoutesOf(dependencies: ClientRouteDependencies): Route[] {
  const { clientExports, vmcps } = dependencies;
  const exported = async (vmcpId: string, baseUrl: string): Promise<ExportedVmcp> => {
    const { vmcp_id, name } = vmcps.get(vmcpId);
    return { vmcp_id, name, reach: await dependencies.reach(vmcp_id, baseUrl) };
  };
  return [
    route('post', '/api/clients/entry', {
      summary: "A vMCP's entry for another client's configuration, to be copied",
      guard: 'admin',
      body: clientEntryBodySchema,
      reply: clientEntrySchema,
      handle: async ({ body, baseUrl }) => {
        const { name, reach } = await exported(body.vmcp_id, baseUrl);
        return entryText(body.client, entryName(name), entryFor(body.client, body.form, reach));
      },
    }),
    route('post', '/api/clients/exports/preview', {
      summary: "What writing a vMCP's entry makes of another client's file; nothing is written",
      guard: 'admin',
      body: exportBodySchema,
      reply: exportPreviewSchema,
      handle: async ({ body, baseUrl }) =>
        clientExports.preview(body, await exported(body.vmcp_id, baseUrl)),
    }),
    route('post', '/api/clients/exports', {
      summary: "Write a vMCP's entry into another client's file, as it was looked at",
      guard: 'admin',
      body: writeExportSchema,
      status: 201,
      reply: writtenExportSchema,
      handle: async ({ body, baseUrl }) =>
        clientExports.write(body, await exported(body.vmcp_id, baseUrl)),
    }),
    route('get', '/api/clients/exports', {
      summary: "What was written into other clients' files and can be undone, the newest first",
      guard: 'admin',
      reply: exportListSchema,
      handle: async () => ({ exports: await clientExports.list() }),
    }),
    route('post', '/api/clients/exports/{export_id}/undo', {
      summary:
        'Give a file the bytes back that it had before an export, unless it was changed since',
      guard: 'admin',
      reply: messageBodySchema,
      handle: async ({ params }) => ({
        message: `${await clientExports.undo(params.export_id)} is as it was`,
      }),
    }),
  ];
}
