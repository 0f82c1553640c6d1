import * as z from 'zod';
import {
  clientTokenSchema,
  createClientTokenSchema,
  type ServerSettings,
  secretsKeySchema,
  serverSettingsSchema,
  stopServerSchema,
} from '../../../contract/admin.ts';
import { messageBodySchema } from '../../../contract/common.ts';
import { diagnosticsSchema } from '../../../contract/diagnostics.ts';
import { ConflictError, InvalidError } from '../../appErrors.ts';
import type { Diagnostics } from '../../diagnostics/diagnostics.ts';
import type { SecretStore } from '../../store/secretStore.ts';
import type { Vmcps } from '../../vmcp/configuration/vmcps.ts';
import { type ClientTokens, shown } from '../clientTokens.ts';
import { type Route, route } from './route.ts';

/** What VS Code may ask of the server process itself. */
export interface ServerControl {
  applySettings(settings: ServerSettings): Promise<void> | void;
  /** Begins to stop and returns; `successor` when a newer version is about to take over. */
  stop(successor: boolean): void;
}

export interface AdminRouteDependencies {
  secrets: SecretStore;
  control: ServerControl;
  clientTokens: ClientTokens;
  vmcps: Vmcps;
  diagnostics: Pick<Diagnostics, 'report'>;
}

const secretsKeyBytes = 32;

/** /api/admin: for VS Code only; always behind the admin token. */
export function adminRoutes(dependencies: AdminRouteDependencies): Route[] {
  const { secrets, control, clientTokens, vmcps, diagnostics } = dependencies;
  return [
    route('post', '/api/admin/secrets-key', {
      summary: 'Hand over the key of the secrets',
      guard: 'admin',
      body: secretsKeySchema,
      reply: messageBodySchema,
      handle: async ({ body }) => {
        const key = Buffer.from(body.key, 'base64');
        if (key.length !== secretsKeyBytes) {
          throw new InvalidError('Invalid key', `key: must be ${secretsKeyBytes} bytes in base64`);
        }
        if (!(await secrets.unlock(key))) {
          throw new ConflictError(
            'Wrong key',
            'secrets.json was written with another key; its secrets have to be entered again.',
          );
        }
        return { message: 'Secrets unlocked' };
      },
    }),
    route('post', '/api/admin/settings', {
      summary: 'Settings of VS Code that the server follows; what is left out stays',
      guard: 'admin',
      body: serverSettingsSchema,
      reply: messageBodySchema,
      handle: async ({ body }) => {
        await control.applySettings(body);
        return { message: 'Settings applied' };
      },
    }),
    route('post', '/api/admin/client-tokens', {
      summary: 'Make a token that opens MCP addresses, and nothing else',
      guard: 'admin',
      body: createClientTokenSchema,
      status: 201,
      reply: clientTokenSchema,
      handle: async ({ body }) => {
        if (body.vmcp_id !== null) vmcps.get(body.vmcp_id);
        return shown(await clientTokens.create(body.name, body.vmcp_id));
      },
    }),
    route('get', '/api/admin/client-tokens', {
      summary: 'The tokens that open MCP addresses',
      guard: 'admin',
      reply: z.array(clientTokenSchema),
      handle: () => clientTokens.list(),
    }),
    route('delete', '/api/admin/client-tokens/{token_id}', {
      summary: 'Withdraw a token: sessions that came with it end at once',
      guard: 'admin',
      reply: messageBodySchema,
      handle: async ({ params }) => {
        await clientTokens.withdraw(params.token_id);
        return { message: 'Client token withdrawn' };
      },
    }),
    route('get', '/api/admin/diagnostics', {
      summary: 'The state of the whole server for a report, without secrets',
      guard: 'admin',
      reply: diagnosticsSchema,
      handle: () => diagnostics.report(),
    }),
    route('post', '/api/admin/stop', {
      summary: 'End the server; calls in flight get 5 seconds',
      guard: 'admin',
      body: stopServerSchema,
      status: 202,
      reply: messageBodySchema,
      handle: ({ body }) => {
        control.stop(body.successor);
        return { message: 'The server is stopping' };
      },
    }),
  ];
}
