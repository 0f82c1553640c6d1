import type { Item, Url } from 'postman-collection';
import type { ApiConfig } from '../../../../contract/customItems.ts';
import { isJsonObject } from '../../../../contract/json.ts';
import type { ConcreteAuth, ConcreteRequest } from '../concrete/concreteRequest.ts';
import { decodeUrlText } from '../concrete/splitAddress.ts';
import { postmanName, postmanText } from './postmanText.ts';
import { readAuth } from './readAuth.ts';
import { readBody } from './readBody.ts';
import { descriptionOf, readFields } from './readFields.ts';

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

export function isPostmanMethod(method: string): method is ApiConfig['method'] {
  return methods.includes(method);
}

/** A request of a collection as the request it would send, with the credentials of its folders. */
export function readRequest(item: Item, method: ApiConfig['method']): ConcreteRequest {
  const { request } = item;
  const notes: string[] = [];
  const body = method === 'GET' || method === 'HEAD' ? undefined : request.body;
  const auth = item.getAuth();
  const query = readFields(request.url.query).map((field) => {
    return { ...field, name: decodeUrlText(field.name), value: decodeUrlText(field.value) };
  });
  return {
    name: postmanName(item),
    method,
    description: descriptionOf(request) ?? '',
    address: addressOf(request.url),
    query,
    pathVariables: readFields(request.url.variables),
    headers: readFields(request.headers),
    cookies: [],
    body: body && readBody(body, notes),
    auth: readUrlAuth(request.url) ?? (auth && readAuth(auth, notes)),
    notes,
  };
}

function addressOf(url: Url): string {
  const host = url.getHost();
  if (host === '' && url.path === undefined) return '';
  const scheme = url.protocol ? `${String(url.protocol).replace(/:\/\/$/, '')}://` : '';
  const segments: unknown[] = Array.isArray(url.path) ? url.path : [];
  const path = segments.map((segment) => `/${pathText(segment)}`).join('');
  return postmanText(`${scheme}${host}${url.port ? `:${url.port}` : ''}${path}`);
}

/** A segment can be an object with a type. */
function pathText(segment: unknown): string {
  return String(isJsonObject(segment) ? (segment.value ?? '') : segment);
}

/** `https://user:password@host` */
function readUrlAuth({ auth }: Url): ConcreteAuth | undefined {
  if (!auth) return undefined;
  const { user, password } = auth;
  return { type: 'basic', username: postmanText(user), password: postmanText(password) };
}
