import { abortSignalOf, type CancelSignal } from '../../cancellation.ts';
import type { EventBus } from '../../events.ts';
import type { Log } from '../../log.ts';
import type { Store } from '../../store/store.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';

/** How long a list waits for a server that was never seen. */
const waitMs = 5_000;
/** A server that did not come is neither waited for nor tried by a list again so soon. */
const pauseMs = 30_000;

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
  /** When a server last failed, or was waited for in vain. */
  readonly #failed = new Map<string, number>();
  readonly #unsubscribe: () => void;

  constructor(private readonly deps: ListPreparationDeps) {
    this.#unsubscribe = deps.events.subscribe((event) => {
      if (
        event.type === 'server.changed' ||
        event.type === 'server.catalog' ||
        event.type === 'server.removed'
      ) {
        this.#failed.delete(event.server_id);
      }
    });
  }

  /**
   * Waits at most 5 s for servers that were never seen; all others are read again, or started for
   * their first list, in the background.
   * @throws the signal's reason
   */
  async prepare(serverIds: readonly string[], signal: CancelSignal): Promise<void> {
    signal.throwIfAborted();
    const { upstreams, store } = this.deps;
    const awaited = new Map<string, Promise<void>>();
    for (const serverId of serverIds) {
      if (this.#failedLately(serverId)) continue;
      if (!upstreams.catalog(serverId)) {
        awaited.set(
          serverId,
          this.#try(serverId, () => upstreams.refresh(serverId)),
        );
      } else if (upstreams.isStale(serverId)) {
        void this.#try(serverId, () => upstreams.refresh(serverId));
      } else if (store.collections.servers.get(serverId)?.start === 'onList') {
        void this.#try(serverId, () => upstreams.connect(serverId));
      }
    }
    if (awaited.size > 0) await this.#wait(awaited, signal);
    signal.throwIfAborted();
  }

  /** Resolves with `preparing`, when a list would no longer wait for it, or on the signal. */
  async atMost(preparing: Promise<unknown>, signal: CancelSignal): Promise<void> {
    const limit = AbortSignal.any([abortSignalOf(signal), AbortSignal.timeout(waitMs)]);
    const over = new Promise<void>((resolve) => {
      limit.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([preparing, over]);
  }

  close(): void {
    this.#unsubscribe();
  }

  async #wait(awaited: ReadonlyMap<string, Promise<void>>, signal: CancelSignal): Promise<void> {
    const pending = new Set(awaited.keys());
    const all = [...awaited].map(([serverId, reading]) => {
      return reading.then(() => pending.delete(serverId));
    });
    await this.atMost(Promise.all(all), signal);
    if (signal.aborted) return;
    for (const serverId of pending) this.#failed.set(serverId, this.deps.now());
  }

  #failedLately(serverId: string): boolean {
    const at = this.#failed.get(serverId);
    return at !== undefined && this.deps.now() - at < pauseMs;
  }

  /** Goes on when the list no longer waits: `list_changed` tells the client then. */
  async #try(serverId: string, attempt: () => Promise<unknown>): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      this.#failed.set(serverId, this.deps.now());
      this.deps.log.warning('the lists of a server could not be brought up to date', {
        serverId,
        error,
      });
    }
  }
}
