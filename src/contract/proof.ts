import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What a server answers to `GET /health?nonce=…` to show that it holds the admin token, without
 * giving the token away: hex HMAC-SHA256 of the nonce.
 */
export function proofOf(adminToken: string, nonce: string): string {
  return createHmac('sha256', adminToken).update(nonce).digest('hex');
}

/** Whether `proof` is that of the token and the nonce; takes the same time for every wrong one. */
export function isProof(proof: string | undefined, adminToken: string, nonce: string): boolean {
  const expected = Buffer.from(proofOf(adminToken, nonce));
  const given = Buffer.from(proof ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
