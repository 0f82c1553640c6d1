import type { EventBus } from '../events.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Upstreams } from '../upstream/upstreams.ts';

/** How long a list waits for a server that was never seen. */
const waitMs = 5_000;
/** A server that did not come in time is not waited for again so soon. */
const patienceMs = 60_000;

export interface ListPreparationDeps {
  store: Store;
  upstreams: Pick<Upstreams, 'catalog' | 'isStale' | 'refresh' | 'connect'>;
  events: EventBus;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Sees to it that the catalogs behind a list are there and not too old, without holding it up. */
export class ListPreparation {
  /** When a server was last waited for in vain. */
  readonly #late = new Map<string, number>();
  readonly #unsubscribe: () => void;

  constructor(private readonly deps: ListPreparationDeps) {
    this.#unsubscribe = deps.events.subscribe((event) => {
      if (
        event.type === 'server.changed' ||
        event.type === 'server.catalog' ||
        event.type === 'server.removed'
      ) {
        this.#late.delete(event.server_id);
      }
    });
  }

  /**
   * Waits at most 5 s for servers that were never seen; all others are read again, or started for
   * their first list, in the background.
   * @throws the signal's reason
   */
  async prepare(serverIds: readonly string[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { upstreams, store } = this.deps;
    const unseen: string[] = [];
    for (const serverId of serverIds) {
      if (!upstreams.catalog(serverId)) unseen.push(serverId);
      else if (upstreams.isStale(serverId)) void this.#refresh(serverId);
      else if (store.collections.servers.get(serverId)?.start === 'onList') {
        void this.#connect(serverId);
      }
    }
    const readings = unseen.map((serverId) => ({ serverId, reading: this.#refresh(serverId) }));
    const awaited = readings.filter(({ serverId }) => !this.#wasLate(serverId));
    if (awaited.length > 0) await this.#wait(awaited, signal);
    signal.throwIfAborted();
  }

  close(): void {
    this.#unsubscribe();
  }

  async #wait(
    readings: readonly { serverId: string; reading: Promise<boolean> }[],
    signal: AbortSignal,
  ): Promise<void> {
    const pending = new Set(readings.map(({ serverId }) => serverId));
    const all = Promise.all(
      readings.map(async ({ serverId, reading }) => {
        if (await reading) pending.delete(serverId);
      }),
    );
    let end = () => {};
    const limit = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      timer.unref();
      signal.addEventListener('abort', () => resolve(), { once: true });
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    await Promise.race([all, limit]);
    end();
    if (signal.aborted) return;
    for (const serverId of pending) this.#late.set(serverId, this.deps.now());
  }

  #wasLate(serverId: string): boolean {
    const at = this.#late.get(serverId);
    return at !== undefined && this.deps.now() - at < patienceMs;
  }

  /** Goes on when the list no longer waits: `list_changed` tells the client then. */
  async #refresh(serverId: string): Promise<boolean> {
    try {
      await this.deps.upstreams.refresh(serverId);
      return true;
    } catch (error) {
      this.deps.log.warning('the lists of a server could not be read', { serverId, error });
      return false;
    }
  }

  async #connect(serverId: string): Promise<void> {
    try {
      await this.deps.upstreams.connect(serverId);
    } catch (error) {
      this.deps.log.warning('a server could not be started for a list', { serverId, error });
    }
  }
}
