import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a test opened and has to end: run latest first, all of it, whatever fails. */
export class Cleanup {
  readonly #steps: Array<() => unknown> = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** @throws AggregateError where steps failed; the others were still run. */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0)
      throw new AggregateError(errors, `cleaning up failed: ${errors.join('; ')}`);
  }
}

/** A cleanup that mocha runs after each test of the suite, or once with `hook: after`. */
export function useCleanup(hook: (run: () => Promise<void>) => void = afterEach): Cleanup {
  const cleanup = new Cleanup();
  hook(() => cleanup.run());
  return cleanup;
}

/** A new folder of its own below the system's temporary one; goes with the cleanup. */
export async function makeTempDir(cleanup: Cleanup): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'vmcp-test-'));
  cleanup.add(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}
