import type { ConnectionSlot } from './connectionSlot.ts';
import type { UpstreamState } from './upstreams.ts';

/** A server's state by its connections: one that works is what counts; of failures the last. */
export function serverState(slots: Iterable<ConnectionSlot>): UpstreamState {
  let state: UpstreamState = { status: 'disconnected', last_error: null };
  for (const { status, lastError, hardship } of slots) {
    if (status === 'connected') return { status, last_error: null };
    if (status === 'connecting') state = { status, last_error: null };
    else if (lastError !== undefined && state.status !== 'connecting') {
      const { message, needs } = lastError;
      state = { status, last_error: message + hardship, ...(needs && { needs }) };
    }
  }
  return state;
}
