import * as vscode from 'vscode';
import type { ServerFile } from '../contract/admin.ts';
import type { ServerEvent } from '../contract/events.ts';
import { LinkError, messageOf } from '../serverLink/linkError.ts';
import type { RestClient } from '../serverLink/restClient.ts';
import type { LinkListener, LinkState, ServerLink } from '../serverLink/serverLink.ts';
import { Emitter } from './emitter.ts';

/** What a window tells a server; failures are reported there, not thrown. */
export interface Greeting {
  /**
   * Settings and the secrets' key, before the window uses the server.
   * @param folder where the server keeps its data
   */
  greet(client: RestClient, folder: string): Promise<void>;
  applySettings(client: RestClient): Promise<void>;
}

/** The heavy part of a window, loaded after its activation. */
export interface LinkParts {
  greeting: Greeting;
  makeLink(listener: LinkListener): ServerLink;
}

/** This window's side of the server that all windows share. */
export class ServerProcess {
  readonly #changed = new Emitter<LinkState>();
  readonly #events = new Emitter<ServerEvent>();
  #state: LinkState = { status: 'starting' };
  #opening: Promise<void> | undefined;
  #link: ServerLink | undefined;
  #greeting: Greeting | undefined;
  #closed = false;

  readonly onDidChangeState = this.#changed.event;
  readonly onEvent = this.#events.event;

  constructor(private readonly load: () => Promise<LinkParts>) {}

  get state(): LinkState {
    return this.#state;
  }

  /** The client while connected. @throws Error that says why there is none */
  get client(): RestClient {
    if (this.#state.status === 'connected') return this.#state.client;
    if (this.#state.status === 'failed') throw this.#state.error;
    throw new Error(vscode.l10n.t('The vMCP server is starting; try again in a moment.'));
  }

  get server(): ServerFile | undefined {
    return this.#state.status === 'connected' ? this.#state.server : undefined;
  }

  /** Begins to connect; returns at once. */
  open(): void {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#tell({ status: 'failed', error: new LinkError('not_started', messageOf(error)) });
    });
  }

  async restart(): Promise<void> {
    await this.#link?.restart();
  }

  /** Tells the server the settings again, where there is one. */
  async applySettings(): Promise<void> {
    if (this.#state.status !== 'connected') return;
    await this.#greeting?.applySettings(this.#state.client);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening;
    await this.#link?.close();
  }

  async #open(): Promise<void> {
    const { greeting, makeLink } = await this.load();
    if (this.#closed) return;
    this.#greeting = greeting;
    const link = makeLink({
      stateChanged: (state) => void this.#follow(state, greeting, link),
      eventReceived: (event) => this.#events.fire(event),
    });
    this.#link = link;
    link.open();
  }

  async #follow(state: LinkState, greeting: Greeting, link: ServerLink): Promise<void> {
    if (state.status === 'connected') await greeting.greet(state.client, state.folder);
    // It may have died during the greeting: then a later state has been told already.
    if (link.state === state) this.#tell(state);
  }

  #tell(state: LinkState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
