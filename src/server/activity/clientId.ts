import { createHash } from 'node:crypto';

/** The client id of everything that comes through REST. */
export const restClientId = 'client_rest';

/** The stable id under which the statistics count a client: its name and the token it came with. */
export function clientIdOf(clientName: string, tokenId: string | null): string {
  const identity = JSON.stringify([clientName, tokenId]);
  return `client_${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`;
}
