import { lookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import fetch from 'node-fetch';
import { blockedHost, guardedLookup } from '../../network/guardedLookup.ts';

const limitMs = 20_000;
const maxBytes = 1024 * 1024;
const maxRedirects = 3;

const refusal = (host: string) =>
  new Error(`"${host}" is a link-local or metadata address, where no authorization server stands`);
const guarded = { lookup: guardedLookup(lookup, refusal) };
const agents = { http: new HttpAgent(guarded), https: new HttpsAgent(guarded) };

/**
 * Requests to addresses that a server named (metadata, registration, tokens): by HTTPS, or on the host of
 * the server itself or of this machine; never to link-local or metadata addresses; 20 s, 1 MiB.
 */
export function oauthFetch(serverUrl: string, signal: AbortSignal): FetchLike {
  const own = new URL(serverUrl).hostname;
  const check = (url: URL) => {
    const host = blockedHost(url);
    if (host !== undefined) throw refusal(host);
    const mayBePlain = url.hostname === own || isLoopback(url.hostname);
    if (url.protocol === 'https:' || (url.protocol === 'http:' && mayBePlain)) return url;
    throw new Error(`${url.origin} is not reached by HTTPS`);
  };
  return async (input, init = {}) => {
    const { method = 'GET', headers, body } = init;
    const response = await fetch(check(new URL(input)), {
      method,
      headers: [...new Headers(headers)],
      ...(body != null && { body: String(body) }),
      // Answers to a POST hold what was posted, such as a code: they are not led elsewhere.
      redirect: method === 'GET' ? 'follow' : 'error',
      follow: maxRedirects,
      size: maxBytes,
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      agent: (url) => (check(url).protocol === 'https:' ? agents.https : agents.http),
    });
    const text = await response.text();
    const isEmpty = response.status === 204 || response.status === 304;
    return new Response(isEmpty ? null : text, {
      status: response.status,
      headers: [...response.headers],
    });
  };
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
