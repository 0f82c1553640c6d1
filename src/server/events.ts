import type { ServerEvent } from '../contract/events.ts';

/** The one bus on which parts of the server tell each other, and the windows, what changed. */
export class EventBus {
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  readonly #problems = new Map<string, ServerEvent>();

  /** @param onListenerError hears what a listener threw; the other listeners still get the event. */
  constructor(private readonly onListenerError: (error: unknown) => void) {}

  /** Problems told so far, for whoever comes later: many happen before the first window listens. */
  get problems(): Iterable<ServerEvent> {
    return this.#problems.values();
  }

  publish(event: ServerEvent): void {
    if (event.type === 'problem') this.#problems.set(event.code, event);
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.onListenerError(error);
      }
    }
  }

  /** @returns how to stop listening; may be called more than once. */
  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
