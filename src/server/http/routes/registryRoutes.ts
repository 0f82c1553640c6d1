import {
  addRegistryServerSchema,
  registryDetailsSchema,
  registryPageSchema,
  registryQuerySchema,
} from '../../../contract/registry.ts';
import { mcpServerSchema } from '../../../contract/servers.ts';
import type { Registry } from '../../registry/registry.ts';
import { type Route, route } from './route.ts';

export interface RegistryRouteDependencies {
  registry: Registry;
}

/** /api/registry: servers that can be added. */
export function registryRoutes({ registry }: RegistryRouteDependencies): Route[] {
  return [
    route('get', '/api/registry/servers', {
      summary: 'Search the servers that vMCP knows itself and those of the registry',
      query: registryQuerySchema,
      reply: registryPageSchema,
      handle: ({ query }) => registry.search(query),
    }),
    route('get', '/api/registry/servers/{registry_id}', {
      summary: 'One of these servers, and what is missing on this machine to run it',
      reply: registryDetailsSchema,
      handle: ({ params }) => registry.details(params.registry_id),
    }),
    route('post', '/api/registry/servers/{registry_id}/add', {
      summary: 'Add one of these servers',
      body: addRegistryServerSchema,
      status: 201,
      reply: mcpServerSchema,
      handle: ({ params, body, by }) => registry.add(params.registry_id, body, by),
    }),
  ];
}
