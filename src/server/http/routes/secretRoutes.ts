import * as z from 'zod';
import {
  namedSecretSchema,
  secretNameSchema,
  setSecretSchema,
} from '../../../contract/namedSecrets.ts';
import type { NamedSecrets } from '../../vmcp/configuration/namedSecrets.ts';
import { type Route, route } from './route.ts';

export interface SecretRouteDependencies {
  namedSecrets: NamedSecrets;
}

/** /api/secrets: what `${secret:NAME}` in configurations of servers stands for. */
export function secretRoutes({ namedSecrets }: SecretRouteDependencies): Route[] {
  return [
    route('get', '/api/secrets', {
      summary: 'List the names of secrets and the servers that use them; values are never answered',
      reply: z.array(namedSecretSchema),
      handle: () => namedSecrets.list(),
    }),
    route('put', '/api/secrets/{name}', {
      summary: 'Set a secret that configurations of servers refer to by its name',
      body: setSecretSchema,
      reply: namedSecretSchema,
      handle: ({ params, body }) =>
        namedSecrets.set(secretNameSchema.parse(params.name), body.value),
    }),
    route('delete', '/api/secrets/{name}', {
      summary: 'Delete a secret',
      reply: z.object({ message: z.string() }),
      handle: async ({ params }) => {
        await namedSecrets.delete(params.name);
        return { message: 'Secret deleted successfully' };
      },
    }),
  ];
}
