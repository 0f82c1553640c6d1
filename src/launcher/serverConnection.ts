import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../serverLink/linkError.ts';
import { type LinkOptions, type LinkState, ServerLink } from '../serverLink/serverLink.ts';
import { McpHttp } from './mcpHttp.ts';

/** As long as a start may take, and the search for its winner. */
const connectTimeoutMs = 25_000;

/** The vMCP's address at the server that runs now; the server is started anew when it died. */
export class ServerConnection {
  readonly #link: ServerLink;
  #http: McpHttp | undefined;
  #failure: Error | undefined;
  #changed = new AbortController();

  constructor(
    options: LinkOptions,
    private readonly vmcp: string,
  ) {
    this.#link = new ServerLink(options, {
      stateChanged: (state) => this.#follow(state),
      eventReceived: () => undefined,
    });
  }

  open(): void {
    this.#link.open();
  }

  /** @throws LinkError where the server cannot be started; the signal's reason */
  async current(signal: AbortSignal): Promise<McpHttp> {
    const deadline = Date.now() + connectTimeoutMs;
    while (!this.#http) {
      signal.throwIfAborted();
      if (this.#failure) throw this.#failure;
      if (Date.now() > deadline) throw new Error('The vMCP server does not answer.');
      const wake = AbortSignal.any([signal, this.#changed.signal]);
      // Woken by a change of state; the loop looks what it is.
      await delay(1000, undefined, { signal: wake }).catch(() => undefined);
    }
    return this.#http;
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  #follow(state: LinkState): void {
    this.#http?.close();
    this.#http = state.status === 'connected' ? new McpHttp(state.server, this.vmcp) : undefined;
    this.#failure = state.status === 'failed' ? new Error(messageOf(state.error)) : undefined;
    this.#changed.abort();
    this.#changed = new AbortController();
  }
}
