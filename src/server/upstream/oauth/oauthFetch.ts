import { lookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { blockedHost, guardedLookup } from '../../network/guardedLookup.ts';
import { isLoopbackName } from '../../network/isLoopbackName.ts';

const limitMs = 20_000;
const maxBytes = 256 * 1024;
const maxRedirects = 3;

const refusal = (host: string) =>
  new Error(`"${host}" is a link-local or metadata address, where no authorization server stands`);
const guarded = { lookup: guardedLookup(lookup, refusal) };
const agents = { http: new HttpAgent(guarded), https: new HttpsAgent(guarded) };

/**
 * Refuses addresses that a server may not name: without HTTPS those of its own host alone (a server on
 * this machine may name this machine), and never link-local and metadata addresses.
 * @param serverUrl the server that named the address
 * @throws Error
 */
export function checkAddress(url: URL, serverUrl: string): void {
  const host = blockedHost(url);
  if (host !== undefined) throw refusal(host);
  const own = new URL(serverUrl).hostname;
  const isNear = isLoopbackName(url.hostname);
  if (isNear && !isLoopbackName(own))
    throw new Error(`${url.origin} is an address of this machine`);
  const mayBePlain = url.hostname === own || isNear;
  if (url.protocol === 'https:' || (url.protocol === 'http:' && mayBePlain)) return;
  const shown = url.origin === 'null' ? url.protocol : url.origin;
  throw new Error(`${shown} is not reached by HTTPS`);
}

/** Requests to addresses that a server named (metadata, registration, tokens), within 20 s and 256 KiB. */
export function oauthFetch(serverUrl: string, signal: AbortSignal): FetchLike {
  return async (input, init = {}) => {
    const { method = 'GET', headers, body } = init;
    const target = new URL(input);
    checkAddress(target, serverUrl);
    const { default: fetch } = await import('node-fetch'); // not needed for a start
    const response = await fetch(target, {
      method,
      headers: [...new Headers(headers)],
      ...(body != null && { body: String(body) }),
      // Answers to a POST hold what was posted, such as a code: they are not led elsewhere.
      redirect: method === 'GET' ? 'follow' : 'error',
      follow: maxRedirects,
      size: maxBytes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      agent: (url) => {
        checkAddress(url, serverUrl); // of redirects, too
        return url.protocol === 'https:' ? agents.https : agents.http;
      },
    });
    const text = await response.text();
    const isEmpty = response.status === 204 || response.status === 304;
    return new Response(isEmpty ? null : text, {
      status: response.status,
      headers: [...response.headers],
    });
  };
}
