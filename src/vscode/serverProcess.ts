import type { LeaseMessage, ServerFile } from '../contract/admin.ts';
import type { ServerEvent } from '../contract/events.ts';
import type { RestClient } from '../serverLink/restClient.ts';
import { type LinkOptions, type LinkState, ServerLink } from '../serverLink/serverLink.ts';
import { Emitter } from './emitter.ts';

/** What a window has to tell a server before others use it. */
export interface Greeting {
  /**
   * Settings and the secrets' key; failures are reported there, not thrown.
   * @param folder where the server keeps its data
   */
  greet(client: RestClient, folder: string): Promise<void>;
}

/** This window's side of the server that all windows share. */
export class ServerProcess {
  readonly #link: ServerLink;
  readonly #changed = new Emitter<LinkState>();
  readonly #events = new Emitter<ServerEvent>();
  #state: LinkState = { status: 'starting' };

  readonly onDidChangeState = this.#changed.event;
  readonly onEvent = this.#events.event;

  constructor(
    options: Omit<LinkOptions, 'lease'> & { lease: () => LeaseMessage },
    private readonly greeting: Greeting,
  ) {
    this.#link = new ServerLink(options, {
      stateChanged: (state) => void this.#follow(state),
      eventReceived: (event) => this.#events.fire(event),
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** The client while connected. @throws Error that says why there is none */
  get client(): RestClient {
    if (this.#state.status === 'connected') return this.#state.client;
    if (this.#state.status === 'failed') throw this.#state.error;
    throw new Error('The vMCP server is starting; try again in a moment.');
  }

  get server(): ServerFile | undefined {
    return this.#state.status === 'connected' ? this.#state.server : undefined;
  }

  open(): void {
    this.#link.open();
  }

  restart(): Promise<void> {
    return this.#link.restart();
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  async #follow(state: LinkState): Promise<void> {
    if (state.status === 'connected') await this.greeting.greet(state.client, state.folder);
    // It may have died during the greeting: then a later state has been told already.
    if (this.#link.state !== state) return;
    this.#state = state;
    this.#changed.fire(state);
  }
}
