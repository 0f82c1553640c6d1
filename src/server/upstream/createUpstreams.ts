import { UpstreamPool, type UpstreamsOptions } from './upstreamPool.ts';
import type { Upstreams } from './upstreams.ts';

/** Connections to the store's servers; those with `start: always` are opened at once. */
export function createUpstreams(options: UpstreamsOptions): Upstreams {
  return new UpstreamPool(options);
}
