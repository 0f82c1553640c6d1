import { randomUUID } from 'node:crypto';

/** An id that was never given out: `server_…` or `vmcp_…` and 32 hexadecimal digits. */
export function newId(kind: 'server' | 'vmcp'): string {
  return `${kind}_${randomUUID().replaceAll('-', '')}`;
}
