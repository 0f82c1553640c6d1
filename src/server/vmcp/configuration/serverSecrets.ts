import { secretMask } from '../../../contract/secretMask.ts';
import type { ServerAuth, ServerRecord } from '../../../contract/servers.ts';
import { secretNames } from '../../store/secretNames.ts';
import { isOnlyVariables } from '../../upstream/configVariables.ts';
import type { SecretSlot } from './secretSlots.ts';

type Definition = Pick<ServerRecord, 'config' | 'auth'>;

/**
 * A server's definition with the mask in place of its secrets, and the secrets. What is but variables
 * (`${secret:NAME}`) stays readable.
 */
export function separateServerSecrets(
  serverId: string,
  { config, auth }: Definition,
): { masked: Definition; slots: SecretSlot[] } {
  const slots: SecretSlot[] = [];
  const mask = (name: string, path: string, value: string) => {
    if (isOnlyVariables(value)) return value;
    slots.push({ name, path, value });
    return secretMask;
  };
  const maskAll = (
    values: Readonly<Record<string, string>>,
    path: string,
    name: (key: string) => string,
  ) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, mask(name(key), `${path}.${key}`, value)]),
    );
  const { serverEnv, serverHeader } = secretNames;
  const maskedConfig =
    'command' in config
      ? { ...config, env: maskAll(config.env, 'config.env', (key) => serverEnv(serverId, key)) }
      : {
          ...config,
          headers: maskAll(config.headers, 'config.headers', (key) => serverHeader(serverId, key)),
        };
  const field = (name: string, value: string) =>
    mask(secretNames.serverAuth(serverId, name), `auth.${name}`, value);
  const maskedAuth = maskAuth(auth, field, (headers) =>
    maskAll(headers, 'auth.headers', (key) => secretNames.serverAuth(serverId, `header/${key}`)),
  );
  return { masked: { config: maskedConfig, auth: maskedAuth }, slots };
}

function maskAuth(
  auth: ServerAuth,
  field: (name: string, value: string) => string,
  headers: (values: Record<string, string>) => Record<string, string>,
): ServerAuth {
  switch (auth.type) {
    case 'none':
      return auth;
    case 'bearer':
      return { ...auth, token: field('token', auth.token) };
    case 'api_key':
      return { ...auth, key: field('key', auth.key) };
    case 'basic':
      return {
        ...auth,
        username: field('username', auth.username),
        password: field('password', auth.password),
      };
    case 'oauth':
      return auth.client_secret === undefined
        ? auth
        : { ...auth, client_secret: field('client_secret', auth.client_secret) };
    case 'headers':
      return { ...auth, headers: headers(auth.headers) };
  }
}
