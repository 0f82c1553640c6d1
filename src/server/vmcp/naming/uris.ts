import type { NameClaim } from '../../store/records.ts';
import { ClaimLedger } from './claimLedger.ts';
import { shortHash } from './hash.ts';

/** A resource (or template) that wants an address. */
export interface UriWish {
  /** See `originOf`. */
  origin: string;
  /** See `serverTag`. */
  tag: string;
  /** The server's own URI or URI template. */
  uri: string;
}

export interface UriAssignment {
  /** By origin. */
  listed: Map<string, string>;
  claims: NameClaim[];
  /** Whether `claims` differ from those before. */
  changed: boolean;
}

/**
 * What stands before a server's rewritten URIs: `vmcp+<name>.<hash of the id>`. The hash makes it the
 * server's own for ever, the name is for people. Legal as the beginning of a scheme, and lower-case
 * because clients write schemes so.
 */
export function serverTag(serverId: string, serverName: string): string {
  const name = serverName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `vmcp+${name}.${shortHash(serverId, 10)}`;
}

/**
 * A URI as another scheme of the same structure (`file:///a` → `vmcp+docs.1f…+file:///a`), so that
 * authority, path, query and template expressions stay where clients look for them.
 */
export function rewriteUri(tag: string, uri: string): string {
  return `${tag}${/^[A-Za-z{][^/?#:]*:/.test(uri) ? '+' : ':'}${uri}`;
}

/** Undoes `rewriteUri`: the tag and the server's own URI; undefined for other URIs. */
export function parseRewritten(uri: string): { tag: string; uri: string } | undefined {
  const match = /^(vmcp\+[a-z0-9-]*\.[0-9a-f]{10})(?:\.\d+)?[+:](.*)$/s.exec(uri);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { tag: match[1], uri: match[2] };
}

/** Whether a tag (also one made under a former name) is this server's. */
export function isTagOf(tag: string, serverId: string): boolean {
  return tag.endsWith(`.${shortHash(serverId, 10)}`);
}

/**
 * Gives every resource an address: its own URI, or, where another server has that, the rewritten one.
 * Whoever was first keeps the plain URI, whatever happens to order and names afterwards.
 */
export function assignUris(
  wishes: readonly UriWish[],
  claims: readonly NameClaim[],
  now: number,
): UriAssignment {
  const ledger = new ClaimLedger(claims, now);
  const listed = new Map<string, string>();
  for (const { origin } of wishes) {
    const held = ledger.heldBy(origin, undefined);
    if (held !== undefined && ledger.take(held, origin, undefined)) listed.set(origin, held);
  }
  for (const wish of wishes) {
    if (!listed.has(wish.origin)) listed.set(wish.origin, takeFirstFree(ledger, wish));
  }
  return { listed, ...ledger.finish() };
}

function takeFirstFree(ledger: ClaimLedger, { origin, tag, uri }: UriWish): string {
  if (ledger.take(uri, origin, undefined)) return uri;
  for (let n = 0; ; n++) {
    const rewritten = rewriteUri(n === 0 ? tag : `${tag}.${n}`, uri);
    if (ledger.take(rewritten, origin, undefined)) return rewritten;
  }
}
