import * as z from 'zod';
import {
  importFormatSchema,
  toolImportRequestSchema,
  toolImportSchema,
} from '../../../contract/toolImport.ts';
import { importedVmcpSchema, vmcpExportSchema } from '../../../contract/vmcps.ts';
import { isForeignVmcp, readForeignVmcp } from '../../tools/import/foreignVmcp/readForeignVmcp.ts';
import type { ToolImporter } from '../../tools/import/toolImporter.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import { bodyLimits } from '../readBody.ts';
import { type Route, route, WrittenJson } from './route.ts';

export interface ImportRouteDependencies {
  vmcps: Vmcps;
  importer: ToolImporter;
}

const titles = {
  openapi: 'an OpenAPI document',
  postman: 'a Postman collection',
  curl: 'curl lines',
};

/** /api/import: documents of others, made into tools (which are not saved yet) or a vMCP. */
export function importRoutes({ vmcps, importer }: ImportRouteDependencies): Route[] {
  const body = toolImportRequestSchema.omit({ format: true });
  const bodyLimit = bodyLimits.import;
  return [
    route('post', '/api/import/tools', {
      summary: 'Make HTTP tools of a document whose format is found out; nothing is saved',
      body: toolImportRequestSchema,
      bodyLimit,
      reply: toolImportSchema,
      handle: async (input) => new WrittenJson(await importer.read(input.body, input.signal)),
    }),
    ...importFormatSchema.options.map((format) =>
      route('post', `/api/import/${format}`, {
        summary: `Make HTTP tools of ${titles[format]}; nothing is saved`,
        body,
        bodyLimit,
        reply: toolImportSchema,
        handle: async (input) =>
          new WrittenJson(await importer.read({ ...input.body, format }, input.signal)),
      }),
    ),
    route('post', '/api/import/vmcp', {
      summary: 'Create a vMCP from an export of vMCP or 1xn-vmcp; `notes` tell what was changed',
      body: z.looseObject({ name: z.string().min(1) }),
      bodyLimit,
      status: 201,
      reply: importedVmcpSchema,
      handle: async (input) => {
        const foreign = isForeignVmcp(input.body) ? readForeignVmcp(input.body) : undefined;
        const exported = foreign?.body ?? vmcpExportSchema.parse(input.body);
        const { vmcp, notes } = await vmcps.import(exported, input.by);
        return { ...vmcp, notes: [...(foreign?.notes ?? []), ...notes] };
      },
    }),
  ];
}
