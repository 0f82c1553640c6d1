import type { HttpTool } from '../../../contract/customItems.ts';
import type { JsonObject, JsonValue } from '../../../contract/json.ts';
import { secretMask } from '../../../contract/secretMask.ts';
import type { ToolContext } from '../toolRun.ts';
import { prepareAuth } from './auth.ts';
import { prepareBody, type RequestBody } from './requestBody.ts';
import { isSecretName, RequestHeaders } from './requestHeaders.ts';
import { type Rendered, TemplateBatch, textOf } from './templateBatch.ts';
import { formatUrl, type QueryEntry, type UrlParts } from './urlParts.ts';
import { prepareUrl } from './urlTemplate.ts';

/** A request with all values in it. */
export interface PreparedRequest {
  method: HttpTool['api_config']['method'];
  url: UrlParts;
  headers: RequestHeaders;
  body: RequestBody | undefined;
}

/**
 * The request that an HTTP tool's definition and a call's arguments make.
 * @throws RequestError for values that make no request; what `context.render` throws
 */
export async function prepareRequest(
  { api_config: config, variables }: HttpTool,
  context: Pick<ToolContext, 'render'>,
): Promise<PreparedRequest> {
  const batch = new TemplateBatch();
  const url = prepareUrl(config, variables, batch);
  const headers = prepareValues(config.headers, 'headers', batch);
  const cookies = prepareValues(config.cookies ?? {}, 'cookies', batch);
  const hasBody = config.method !== 'GET' && config.method !== 'HEAD';
  const body = hasBody ? prepareBody(config, batch) : () => undefined;
  const auth = prepareAuth(config.auth, batch);
  await batch.render((value) => context.render(value));

  const set = new RequestHeaders();
  for (const [name, value] of headers()) set.set(name, headerText(value));
  const cookieText = cookies().map(([name, value]) => `${name}=${cookieValue(value)}`);
  if (cookieText.length > 0)
    set.set('Cookie', [set.get('Cookie'), ...cookieText].filter(Boolean).join('; '));
  set.setDefault('User-Agent', 'vMCP');
  const content = body();
  if (content?.contentType !== undefined) set.setDefault('Content-Type', content.contentType);
  // Its boundary is known only to what sends it.
  else if (content) set.delete('Content-Type');
  const parts = url();
  const query = auth()(set, parts.query.map(markSecret));
  return { method: config.method, url: { ...parts, query }, headers: set, body: content };
}

/**
 * The request for people: credentials masked altogether, other secrets where they stand.
 * @param mask replaces the known secrets in a text
 */
export function describeRequest(
  request: PreparedRequest,
  mask: (text: string) => string,
): JsonObject {
  const headers = request.headers.entries().map(({ name, value, isSecret }) => {
    return [name, isSecret ? maskedCredential(value) : mask(value)] as const;
  });
  const body = request.body?.shown(mask);
  return {
    method: request.method,
    url: formatUrl(request.url, mask, () => secretMask),
    headers: Object.fromEntries(headers),
    ...(body !== undefined && { body }),
  };
}

function prepareValues(
  values: Readonly<Record<string, JsonValue>>,
  place: string,
  batch: TemplateBatch,
): Rendered<[string, JsonValue][]> {
  const pending = Object.entries(values).map(
    ([name, value]) => [name, batch.value(value, `${place}.${name}`)] as const,
  );
  return () =>
    pending.flatMap(([name, rendered]): [string, JsonValue][] => {
      const value = rendered();
      return value === undefined || value === null ? [] : [[name, value]];
    });
}

function headerText(value: JsonValue): string {
  return Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value);
}

/** What cookies cannot carry is percent-encoded (RFC 6265, section 4.1.1), so that no value adds one. */
function cookieValue(value: JsonValue): string {
  const text = Buffer.from(textOf(value), 'utf8').toString('utf8'); // no lone surrogates
  return text.replace(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/gu, encodeURIComponent);
}

function markSecret(entry: QueryEntry): QueryEntry {
  const name = entry.name.map((part) => ('raw' in part ? part.raw : part.value)).join('');
  return isSecretName(name) ? { ...entry, isSecret: true } : entry;
}

/** `Bearer ********`: the scheme is no secret. */
function maskedCredential(value: string): string {
  const [scheme] = /^(Bearer|Basic) /.exec(value) ?? [];
  return `${scheme ?? ''}${secretMask}`;
}
