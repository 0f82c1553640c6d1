import {
  type ApiConfig,
  apiAuthSchema,
  apiConfigSchema,
} from '../../../../contract/customItems.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import { isOnlyReferences } from '../../../template/isOnlyReferences.ts';
import { memberOf, objectAt, objectsAt, textAt } from '../documentReader.ts';
import type { ItemReader } from './itemReader.ts';

/** Takes a literal credential into the configuration. @returns the reference to it */
export type KeepSecret = (name: string, value: string) => string;

/** The request of a foreign HTTP tool; undefined where it has none, which `notes` then says. */
export function readApiConfig(
  tool: JsonObject,
  { items, place, keepSecret }: { items: ItemReader; place: string; keepSecret: KeepSecret },
  notes: string[],
): ApiConfig | undefined {
  const given = objectAt(tool, 'api_config');
  const url = textAt(given, 'url');
  if (!given || !url) {
    notes.push(`${place} is left out: it has no URL.`);
    return undefined;
  }
  const headers = readHeaders(given);
  const body = memberOf(given, 'body_parsed') ?? memberOf(given, 'body');
  const parsed = apiConfigSchema.safeParse({
    method: (textAt(given, 'method') ?? 'GET').toUpperCase(),
    url: items.template(url, `${place}, URL`),
    headers: items.templates(headers, `${place}, headers`),
    query_params: items.templates(readQuery(given), `${place}, query`),
    ...(body !== undefined &&
      body !== null &&
      body !== '' && {
        body: items.templates(body, `${place}, body`),
        body_type: bodyTypeOf(headers, body),
      }),
    auth: readAuth(objectAt(given, 'auth'), { tool: textAt(tool, 'name') ?? 'tool', keepSecret }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  notes.push(`${place} is left out: ${issue?.path.join('.')} ${issue?.message}.`);
  return undefined;
}

/** Empty values and placeholders of collections (`<string>`) were not sent. */
function readQuery(given: JsonObject): JsonObject {
  const entries = Object.entries(objectAt(given, 'query_params') ?? {});
  const isSent = (value: unknown) =>
    value !== null && value !== '' && !/^<[A-Za-z]+>$/.test(String(value));
  return Object.fromEntries(entries.filter(([, value]) => isSent(value)));
}

function readHeaders(given: JsonObject): Record<string, string> {
  const listed = objectsAt(given, 'headers_array')
    .filter(({ enabled }) => enabled !== false)
    .map((entry) => [
      textAt(entry, 'key') ?? textAt(entry, 'name') ?? '',
      memberOf(entry, 'value'),
    ]);
  const all = [...Object.entries(objectAt(given, 'headers') ?? {}), ...listed];
  return Object.fromEntries(
    all
      .filter(([name, value]) => name !== '' && value !== null)
      .map(([name, value]) => [name, String(value)]),
  );
}

function bodyTypeOf(headers: Record<string, string>, body: JsonValue): ApiConfig['body_type'] {
  const [, type = ''] =
    Object.entries(headers).find(([name]) => /^content-type$/i.test(name)) ?? [];
  if (/urlencoded/i.test(type)) return 'form';
  if (/multipart/i.test(type) && isJsonObject(body)) return 'multipart';
  return type === '' || /json/i.test(type) || typeof body !== 'string' ? 'json' : 'text';
}

function readAuth(
  auth: JsonObject | undefined,
  { tool, keepSecret }: { tool: string; keepSecret: KeepSecret },
): ApiConfig['auth'] {
  const credential = (name: string, ...fields: string[]) => {
    const value = fields.map((field) => textAt(auth, field)).find((text) => text) ?? '';
    return value === '' || isOnlyReferences(value) ? value : keepSecret(`${tool}_${name}`, value);
  };
  switch ((textAt(auth, 'type') ?? 'none').toLowerCase()) {
    case 'bearer':
      return { type: 'bearer', token: credential('token', 'token') };
    case 'apikey':
    case 'api_key': {
      const name = textAt(auth, 'keyName') || textAt(auth, 'name') || 'X-API-Key';
      return { type: 'api_key', key: credential('api_key', 'apiKey', 'key'), name, in: 'header' };
    }
    case 'basic': {
      const username = textAt(auth, 'username') ?? '';
      return { type: 'basic', username, password: credential('password', 'password') };
    }
    case 'custom': {
      const headers = Object.entries(objectAt(auth, 'headers') ?? {}).map(([name, value]) => {
        const text = String(value ?? '');
        return [name, isOnlyReferences(text) ? text : keepSecret(`${tool}_${name}`, text)];
      });
      return apiAuthSchema.parse({ type: 'custom', headers: Object.fromEntries(headers) });
    }
    default:
      return { type: 'none' };
  }
}
