import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again every few milliseconds until the answer is truthy, and returns it.
 * @throws Error after `timeoutMs` (default 30 s, which leaves room for busy machines), naming `what` and what `check` threw last
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 30_000, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  let problem: unknown;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 200)) {
    try {
      const answer = await check();
      if (answer) return answer;
      problem = undefined;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${what} did not hold within ${timeoutMs} ms`, { cause: problem });
    }
    await delay(pause);
  }
}

/**
 * The promise's value, if it comes in time.
 * @throws Error after `timeoutMs`, naming `what`
 */
export async function within<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  const stop = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${what} did not come within ${timeoutMs} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => {}); // only its being too late matters, not its being stopped
    stop.abort();
  }
}
