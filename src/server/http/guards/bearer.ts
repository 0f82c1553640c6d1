import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a token: what is compared and looked up, so that time tells nothing about the token. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The token of `Authorization: Bearer …` (RFC 6750), or undefined. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
}

/** Whether the header carries the token whose digest is given; takes the same time for every wrong one. */
export function carriesToken(authorization: string | undefined, digest: Buffer): boolean {
  const token = bearerToken(authorization);
  return token !== undefined && timingSafeEqual(tokenDigest(token), digest);
}
