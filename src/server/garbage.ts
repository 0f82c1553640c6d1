import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often it is looked whether there is a pause. */
const lookEveryMs = 1_000;
/** Milliseconds of work after which garbage is worth a collection. */
const worthwhile = 250;
/** The share of its time that a pause may be busy: timers and answers to `/health`. */
const quiet = 0.05;
/**
 * How long a pause is before memory is given back. It must not come between the calls of a client that
 * thinks for a moment: those after it take two to three times as long until V8 has caught up.
 */
const pauseMs = 15_000;

export interface Collector {
  /** Collects what nothing refers to. V8 keeps the memory, for what comes next. */
  collect(): void;
  /** Moves what is left together, too, and gives the rest back: some 60 ms where 15 MB are in use. */
  giveBack(): void;
}

/**
 * Lets `exposeCollector` work. V8 takes compiled programs only under the flags under which they were
 * compiled: so this comes before one is loaded.
 */
export function allowCollector(): void {
  setFlagsFromString('--expose-gc');
}

/**
 * Makes the garbage collection of this thread callable. V8 lets go of large buffers late where
 * the objects around them are few: it would keep three old copies of the database.
 */
export function exposeCollector(): Collector {
  allowCollector();
  const gc: unknown = runInNewContext('gc');
  if (typeof gc !== 'function') return { collect: () => undefined, giveBack: () => undefined };
  const [major = 0] = process.versions.node.split('.').map(Number);
  const giveBack = () => {
    if (major >= 22) return gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    setFlagsFromString('--compact-on-every-full-gc');
    gc();
    setFlagsFromString('--no-compact-on-every-full-gc');
  };
  return { collect: () => gc(), giveBack };
}

/**
 * Gives memory back once when a time of work is over. V8 does so late or never: of what a burst of
 * calls used, two thirds would stay for as long as nobody calls.
 * @returns how to stop
 */
export function giveBackWhenIdle(collector: Collector, afterMs = pauseMs): () => void {
  let last = performance.eventLoopUtilization();
  let worked = worthwhile; // the start leaves much behind
  let quietMs = 0;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { active, utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    worked += active;
    quietMs = utilization > quiet ? 0 : quietMs + lookEveryMs;
    if (quietMs < afterMs || worked < worthwhile) return;
    worked = 0;
    collector.giveBack();
    last = performance.eventLoopUtilization();
  }, lookEveryMs).unref();
  return () => clearInterval(timer);
}
