import type { CancelSignal } from '../cancellation.ts';

/**
 * Waits for `promise`, but no longer than until the signal aborts.
 * @throws the signal's reason
 */
export async function waitFor<T>(promise: Promise<T>, signal: CancelSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
