import { setTimeout as delay } from 'node:timers/promises';
import type { LeaseMessage, ServerFile } from '../contract/admin.ts';
import type { ServerEvent } from '../contract/events.ts';
import { awaitGone, type ConnectOptions, connectServer } from './connectServer.ts';
import { Lease, type LeaseEnd, type LeaseSocketType } from './lease.ts';
import { LinkError, messageOf } from './linkError.ts';
import { RestClient } from './restClient.ts';

export type LinkState =
  | { status: 'starting' }
  | { status: 'connected'; server: ServerFile; folder: string; client: RestClient }
  | { status: 'failed'; error: LinkError }
  | { status: 'closed' };

export interface LinkListener {
  stateChanged(state: LinkState): void;
  eventReceived(event: ServerEvent): void;
}

export interface LinkOptions extends ConnectOptions {
  /** What the lease tells about its holder; asked at each connection and by `renew`. */
  lease: () => LeaseMessage;
  /** What the lease goes over. */
  socket: LeaseSocketType;
}

/** This many deaths within a minute are a crash loop: then the next start waits. */
const crashLimit = 3;
const crashWindowMs = 60_000;
const crashPauseMs = 30_000;
/** A successor needs this long at most to take the place of the server that ended for it. */
const successorGraceMs = 2_000;
const maxPauseMs = 10_000;

/**
 * Keeps one holder (a window or a launcher) connected to the server of a storage folder: finds or
 * starts it, holds the lease, and does both again when the server dies.
 */
export class ServerLink {
  #state: LinkState = { status: 'starting' };
  readonly #closing = new AbortController();
  #pause = new AbortController();
  #lease: Lease | undefined;
  #running: Promise<void> | undefined;
  #deaths: number[] = [];
  #failures = 0;

  constructor(
    private readonly options: LinkOptions,
    private readonly listener: LinkListener,
  ) {}

  get state(): LinkState {
    return this.#state;
  }

  /** Begins to connect; returns at once. */
  open(): void {
    this.#running ??= this.#run();
  }

  /** Ends the running server, if there is one, and starts it again; also ends a pause after failures. */
  async restart(): Promise<void> {
    this.#deaths = [];
    this.#failures = 0;
    const state = this.#state;
    if (state.status === 'connected') {
      await state.client.stop().catch(() => {
        // A server that does not even take the request hangs; it has proved to be this process.
        process.kill(state.server.pid, 'SIGKILL');
      });
    } else {
      this.#pause.abort();
    }
  }

  /** Tells the server what has changed at the holder; the next connection tells it anyway. */
  renew(): void {
    this.#lease?.tell(this.options.lease());
  }

  /** The user has come to this window: it is the one that is asked. */
  focused(): void {
    this.#lease?.tell({ type: 'focused' });
  }

  /** Releases the lease. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#pause.abort();
    this.#lease?.release();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const { ended, instance } = await this.#connectOnce(signal);
        await this.#afterEnd(ended, instance);
      } catch (error) {
        if (signal.aborted) break;
        this.#setState({ status: 'failed', error: linkError(error) });
        this.#failures++;
        await this.#wait(Math.min(500 * 2 ** this.#failures, maxPauseMs));
      }
    }
    this.#setState({ status: 'closed' });
  }

  async #connectOnce(signal: AbortSignal): Promise<{ ended: LeaseEnd; instance: string }> {
    this.#setState({ status: 'starting' });
    const { file, folder } = await connectServer(this.options, signal);
    const lease = await Lease.open(this.options.socket, file, this.options.lease, (event) =>
      this.listener.eventReceived(event),
    );
    // Closed while the connection was being made: nobody else would release it.
    if (signal.aborted) lease.release();
    this.#lease = lease;
    this.#failures = 0;
    const client = new RestClient(file);
    if (!signal.aborted) this.#setState({ status: 'connected', server: file, folder, client });
    const ended = await lease.ended;
    this.#lease = undefined;
    client.close();
    return { ended, instance: file.instance };
  }

  async #afterEnd(ended: LeaseEnd, instance: string): Promise<void> {
    if (ended === 'released') return;
    if (ended !== 'lost') {
      this.#setState({ status: 'starting' });
      await awaitGone(this.options.dataDir, instance, this.#closing.signal);
      // The newer window starts its server now; ours would only compete with it.
      if (ended === 'successor') await this.#wait(successorGraceMs);
      return;
    }
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((time) => now - time < crashWindowMs), now];
    if (this.#deaths.length < crashLimit) return;
    const error = new LinkError(
      'crashing',
      `The vMCP server ended ${this.#deaths.length} times within a minute. It is started again in ${crashPauseMs / 1000} s.`,
    );
    this.#setState({ status: 'failed', error });
    await this.#wait(crashPauseMs);
  }

  async #wait(ms: number): Promise<void> {
    this.#pause = new AbortController();
    const signal = AbortSignal.any([this.#pause.signal, this.#closing.signal]);
    // Aborting means: go on at once.
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }

  #setState(state: LinkState): void {
    this.#state = state;
    this.listener.stateChanged(state);
  }
}

function linkError(error: unknown): LinkError {
  if (error instanceof LinkError) return error;
  return new LinkError('refused', `The vMCP server is not reached: ${messageOf(error)}`, {
    cause: error,
  });
}
