import { secretMask } from '../../../contract/secretMask.ts';
import type { ServerRecord } from '../../../contract/servers.ts';
import { secretNames } from '../../store/secretNames.ts';
import { isOnlyVariables } from '../../upstream/configVariables.ts';
import { type MapCredential, mapAuth, mapMembers } from './credentials.ts';
import type { SecretSlot } from './secretSlots.ts';

type Definition = Pick<ServerRecord, 'config' | 'auth'>;

const places = { env: 'config.env', headers: 'config.headers', authHeaders: 'auth.headers' };

/**
 * A server's definition with the mask in place of its secrets, and the secrets. What is but variables
 * (`${secret:NAME}`) stays readable.
 */
export function separateServerSecrets(
  serverId: string,
  { config, auth }: Definition,
): { masked: Definition; slots: SecretSlot[] } {
  const slots: SecretSlot[] = [];
  const mask: MapCredential = (path, value) => {
    if (isOnlyVariables(value)) return value;
    slots.push({ name: nameOf(serverId, path), path, value });
    return secretMask;
  };
  const maskedConfig =
    'command' in config
      ? { ...config, env: mapMembers(config.env, places.env, mask) }
      : { ...config, headers: mapMembers(config.headers, places.headers, mask) };
  return { masked: { config: maskedConfig, auth: mapAuth(auth, mask) }, slots };
}

/** In the secret store; the rest of a path may be any text, dots among it. */
function nameOf(serverId: string, path: string): string {
  const under = (place: string) => {
    return path.startsWith(`${place}.`) ? path.slice(place.length + 1) : undefined;
  };
  const variable = under(places.env);
  if (variable !== undefined) return secretNames.serverEnv(serverId, variable);
  const header = under(places.headers);
  if (header !== undefined) return secretNames.serverHeader(serverId, header);
  const authHeader = under(places.authHeaders);
  const field = authHeader === undefined ? (under('auth') ?? path) : `header/${authHeader}`;
  return secretNames.serverAuth(serverId, field);
}
