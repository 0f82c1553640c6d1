import * as z from 'zod';
import { addressesSchema, apiVersion, healthSchema } from '../../../contract/admin.ts';
import { jsonObjectSchema } from '../../../contract/common.ts';
import type { JsonObject } from '../../../contract/json.ts';
import { proofOf } from '../../../contract/proof.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import type { Access } from '../access.ts';
import { type Route, route } from './route.ts';

export interface SystemRouteDependencies {
  version: string;
  access: Access;
  vmcps: Vmcps;
  /** The OpenAPI document of all routes. */
  openApi(): JsonObject;
}

/** Who answers here, and where everything else is. */
export function systemRoutes({
  version,
  access,
  vmcps,
  openApi,
}: SystemRouteDependencies): Route[] {
  return [
    route('get', '/health', {
      summary: 'Whether the server runs; with a nonce, proof that it holds the admin token',
      guard: 'open',
      query: z.object({ nonce: z.string().min(1).max(256).optional() }),
      reply: healthSchema,
      handle: ({ query }) => ({
        status: 'ok' as const,
        version,
        pid: process.pid,
        api: apiVersion,
        ...(query.nonce !== undefined && { proof: proofOf(access.adminToken, query.nonce) }),
      }),
    }),
    route('get', '/', {
      summary: 'The addresses of the server and its vMCPs',
      reply: addressesSchema,
      handle: ({ baseUrl }) => ({
        name: 'vMCP' as const,
        version,
        api: `${baseUrl}/api`,
        openapi: `${baseUrl}/api/openapi.json`,
        events: `${baseUrl.replace('http:', 'ws:')}/ws`,
        vmcps: vmcps.list().map(({ vmcp_id, name }) => ({
          vmcp_id,
          name,
          mcp: `${baseUrl}/mcp/${encodeURIComponent(name)}`,
        })),
      }),
    }),
    route('get', '/api/openapi.json', {
      summary: 'This document',
      reply: jsonObjectSchema,
      handle: () => openApi(),
    }),
  ];
}
