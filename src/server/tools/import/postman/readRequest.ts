import { isJsonObject, type JsonObject, type JsonValue } from '../../../../contract/json.ts';
import type { ConcreteRequest, Field } from '../concrete/concreteRequest.ts';
import { splitAddress } from '../concrete/splitAddress.ts';
import { listAt, objectAt, objectsAt, textAt } from '../documentReader.ts';
import { postmanText } from './postmanText.ts';
import { readAuth } from './readAuth.ts';
import { readBody } from './readBody.ts';
import { descriptionOf, readFields } from './readFields.ts';

/** A request of a collection as the request it would send. */
export function readRequest(
  request: JsonObject,
  about: Pick<ConcreteRequest, 'name' | 'method'> & { inheritedAuth: JsonObject | undefined },
): ConcreteRequest {
  const { name, method, inheritedAuth } = about;
  const notes: string[] = [];
  const body = method === 'GET' || method === 'HEAD' ? undefined : objectAt(request, 'body');
  const auth = objectAt(request, 'auth') ?? inheritedAuth;
  return {
    name,
    method,
    description: descriptionOf(request) ?? '',
    ...readUrl(request.url),
    headers: readHeaders(request),
    cookies: [],
    body: body && readBody(body, notes),
    auth: auth && readAuth(auth, notes),
    notes,
  };
}

function readUrl(
  url: JsonValue | undefined,
): Pick<ConcreteRequest, 'address' | 'query' | 'pathVariables'> {
  if (!isJsonObject(url)) return { ...splitAddress(postmanText(url)), pathVariables: [] };
  const raw = textAt(url, 'raw');
  const { address, query } = splitAddress(postmanText(raw ?? joinUrl(url)));
  const entries = objectsAt(url, 'query');
  return {
    address,
    // The list knows what is switched off, and descriptions.
    query: entries.length > 0 ? readFields(entries) : query,
    pathVariables: readFields(objectsAt(url, 'variable')),
  };
}

function joinUrl(url: JsonObject): string {
  const protocol = textAt(url, 'protocol');
  const host = textAt(url, 'host') ?? listAt(url, 'host').map(String).join('.');
  const port = textAt(url, 'port');
  const path = textAt(url, 'path') ?? listAt(url, 'path').map(pathText).join('/');
  const start = protocol === undefined ? '' : `${protocol}://`;
  return `${start}${host}${port === undefined ? '' : `:${port}`}/${path.replace(/^\//, '')}`;
}

function pathText(segment: JsonValue): string {
  return isJsonObject(segment) ? (textAt(segment, 'value') ?? '') : String(segment);
}

function readHeaders(request: JsonObject): Field[] {
  const text = textAt(request, 'header');
  if (text === undefined) return readFields(objectsAt(request, 'header'));
  return text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf(':');
    if (at <= 0) return [];
    return [{ name: line.slice(0, at).trim(), value: postmanText(line.slice(at + 1).trim()) }];
  });
}
