import type { ApiConfig } from '../../../contract/customItems.ts';
import type { JsonValue } from '../../../contract/json.ts';
import type { ServerAuth } from '../../../contract/servers.ts';

/** Replaces one credential; `path` is where it stands, like `auth.headers.X-Key`. */
export type MapCredential = (path: string, value: string) => string;

/** An authorization, of a server or an HTTP tool, with its credentials replaced. */
export function mapAuth<Auth extends ServerAuth | ApiConfig['auth']>(
  auth: Auth,
  map: MapCredential,
): Auth;
export function mapAuth(auth: ServerAuth | ApiConfig['auth'], map: MapCredential) {
  const field = (name: string, value: string) => map(`auth.${name}`, value);
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
    case 'custom':
      return { ...auth, headers: mapMembers(auth.headers, 'auth.headers', map) };
  }
}

/**
 * Values by name, headers for example, with those that are credentials replaced.
 * @param isSecret tells by the name; default: all are
 */
export function mapMembers<Value extends JsonValue>(
  members: Readonly<Record<string, Value>>,
  path: string,
  map: MapCredential,
  isSecret: (name: string) => boolean = () => true,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      const secret = typeof value === 'string' && isSecret(name);
      return [name, secret ? (map(`${path}.${name}`, value) as Value) : value];
    }),
  );
}
