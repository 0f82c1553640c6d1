/** What keeps a managed server alive. */
export interface Lifetime {
  /** Windows and launchers that hold a lease. */
  leases(): number;
  callsInFlight(): number;
  /** The setting `vmcp.server.keepRunning` is `always`. */
  keepsRunning(): boolean;
}

const checkEveryMs = 500;

/**
 * Calls `onOver` once, when for `graceMs` there was neither a lease nor a call in flight.
 * @returns how to stop watching
 */
export function watchLifetime(lifetime: Lifetime, graceMs: number, onOver: () => void): () => void {
  let lastNeeded = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const needed = lifetime.leases() > 0 || lifetime.callsInFlight() > 0 || lifetime.keepsRunning();
    if (needed) lastNeeded = now;
    else if (now - lastNeeded >= graceMs) {
      clearInterval(timer);
      onOver();
    }
  }, checkEveryMs);
  return () => clearInterval(timer);
}
