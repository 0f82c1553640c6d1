import type { Readable } from 'node:stream';
import fetch, { type Response } from 'node-fetch';
import type { HttpAgents } from './httpAgents.ts';
import type { PreparedRequest } from './preparedRequest.ts';
import { RequestError } from './requestError.ts';
import { formatUrl } from './urlParts.ts';

const maxRedirects = 5;
/** The body of a redirect up to this size is read over, so that its connection can be used again. */
const readableRedirectBytes = 16 * 1024;
/** A kept connection that the server is closing fails so; nothing was done then. */
const closedConnection = new Set(['ECONNRESET', 'EPIPE']);

export interface SendOptions {
  agents: HttpAgents;
  allowLinkLocal: boolean;
  signal: AbortSignal;
  /** Replaces the known secrets in a text. */
  mask: (text: string) => string;
}

export interface SentRequest {
  /** Its body must be read or destroyed. */
  response: Response;
  /** The other origin that the request was redirected to; credentials were left out there. */
  redirectedTo: string | undefined;
}

/** What is sent to one address of a chain of redirects. */
interface Hop {
  url: URL;
  method: string;
  body: PreparedRequest['body'];
  /** At another origin than the tool's, now or before. */
  isForeign: boolean;
}

/**
 * Sends a request and follows up to five redirects, as browsers do (Fetch standard, “HTTP-redirect
 * fetch”). Once another origin is reached, credentials and what holds a known secret stay behind.
 * @throws RequestError; FetchError of the network; the signal's reason
 */
export async function sendRequest(
  request: PreparedRequest,
  options: SendOptions,
): Promise<SentRequest> {
  const { method, body } = request;
  const url = new URL(formatUrl(request.url, (value) => value));
  let hop: Hop = { url, method, body, isForeign: false };
  for (let redirects = 0; ; redirects += 1) {
    const response = await sendOnce(request, hop, options);
    const location = redirectLocation(response);
    if (location === undefined) {
      return { response, redirectedTo: hop.isForeign ? hop.url.origin : undefined };
    }
    dropBody(response);
    if (redirects === maxRedirects) {
      throw new RequestError(
        `More than ${maxRedirects} redirects, the last one from ${hop.url.origin} to ${originOf(location, hop.url)}`,
      );
    }
    hop = nextHop(hop, response.status, location, url.origin, options);
  }
}

async function sendOnce(request: PreparedRequest, hop: Hop, options: SendOptions) {
  const { agents, allowLinkLocal, signal } = options;
  const init = {
    method: hop.method,
    headers: headersFor(request, hop, options),
    ...(hop.body && { body: hop.body.content }),
    redirect: 'manual' as const,
    agent: agents.agentFor(hop.url, allowLinkLocal),
    signal,
  };
  try {
    return await fetch(hop.url, init);
  } catch (error) {
    signal.throwIfAborted();
    const { code = '' } = error as NodeJS.ErrnoException;
    const isSafe = hop.method === 'GET' || hop.method === 'HEAD';
    if (!isSafe || !closedConnection.has(code)) throw error;
    return await fetch(hop.url, init);
  }
}

function headersFor(request: PreparedRequest, { isForeign, body }: Hop, { mask }: SendOptions) {
  return request.headers
    .entries()
    .filter(({ name, value, isSecret }) => {
      if (!body && /^content-/i.test(name)) return false;
      return !isForeign || !(isSecret || /^host$/i.test(name) || mask(value) !== value);
    })
    .map(({ name, value }): [string, string] => [name, value]);
}

function redirectLocation({ status, headers }: Response): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  return headers.get('location') ?? undefined;
}

function nextHop(
  hop: Hop,
  status: number,
  location: string,
  ownOrigin: string,
  { mask }: SendOptions,
): Hop {
  const url = URL.canParse(location, hop.url) ? new URL(location, hop.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new RequestError(`${hop.url.origin} redirects to an address that is not followed`);
  }
  const isForeign = hop.isForeign || url.origin !== ownOrigin;
  const becomesGet =
    (status === 303 && hop.method !== 'HEAD') || (status <= 302 && hop.method === 'POST');
  if (becomesGet) return { url, method: 'GET', body: undefined, isForeign };
  const shown = JSON.stringify(hop.body?.shown((value) => value) ?? '');
  if (isForeign && mask(shown) !== shown) {
    throw new RequestError(
      `${hop.url.origin} redirects the request to ${url.origin}; its body holds a secret, which does not go there`,
    );
  }
  return { url, method: hop.method, body: hop.body, isForeign };
}

function originOf(location: string, base: URL): string {
  return URL.canParse(location, base) ? new URL(location, base).origin : 'an invalid address';
}

function dropBody({ body, headers }: Response): void {
  const stream = body as Readable | null;
  const length = Number(headers.get('content-length') ?? Number.NaN);
  if (length <= readableRedirectBytes) stream?.resume();
  else stream?.destroy();
}
