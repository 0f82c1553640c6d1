import { lookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { blockedHost, guardedLookup } from '../network/guardedLookup.ts';
import { isLoopbackName } from '../network/isLoopbackName.ts';

const refusal = (host: string, what = 'a link-local or metadata address') =>
  new Error(`it redirects to "${host}", ${what}, which a server may not send requests to`);

/** For requests to where a server redirects: names that lead to blocked addresses are refused. */
export const redirectLookup = guardedLookup(lookup, refusal);

/**
 * Where a response redirects to with the same method.
 * @returns undefined where it is no such redirect
 * @throws Error for an address that a server may not name: link-local, metadata, or, unless it is on this
 *   machine itself, of this machine
 */
export function redirectTarget(
  { statusCode: status, headers }: IncomingMessage,
  method: string,
  from: URL,
): URL | undefined {
  const keepsMethod = status === 307 || status === 308;
  const fromGet = method === 'GET' && (status === 301 || status === 302 || status === 303);
  if ((!keepsMethod && !fromGet) || headers.location === undefined) return undefined;
  if (!URL.canParse(headers.location, from)) return undefined;
  const target = new URL(headers.location, from);
  if (!/^https?:$/.test(target.protocol)) return undefined;
  if (target.hostname !== from.hostname) checkTarget(target, from);
  return target;
}

function checkTarget(target: URL, from: URL): void {
  const host = blockedHost(target);
  if (host !== undefined) throw refusal(host);
  const isNear = isLoopbackName(target.hostname) && !isLoopbackName(from.hostname);
  if (isNear) throw refusal(target.hostname, 'an address of this machine');
}
