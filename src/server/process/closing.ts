import type { Log } from '../log.ts';

/** Owns what was opened and closes it in the reverse order, each once, whatever fails. */
export class Closing {
  readonly #steps: { name: string; close: () => Promise<void> | void }[] = [];

  constructor(private readonly log: Log) {}

  add(name: string, close: () => Promise<void> | void): void {
    this.#steps.push({ name, close });
  }

  async close(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.close();
      } catch (error) {
        this.log.error(`Closing failed: ${step.name}`, { error });
      }
    }
  }
}
