import type { ServerEvent } from '../../contract/events.ts';
import type { JsonObject, JsonValue } from '../../contract/json.ts';
import {
  type PageMessage,
  pageMessageSchema,
  type WindowMessage,
} from '../../contract/webview/messages.ts';
import type { LinkState } from '../../serverLink/serverLink.ts';
import type { ServerProcess } from '../serverProcess.ts';
import { failureOf } from './failureOf.ts';
import type { PageKind } from './pageKind.ts';
import { RequestForwarder } from './requestForwarder.ts';

/** What a session needs of the panel that shows its page. */
export interface PageOutlet {
  post(message: WindowMessage): void;
  draftChanged(draft: JsonValue): void;
  /** A message that no page of ours sends. */
  refused(reason: string): void;
}

/** The window's side of one open page: answers its requests, tells it events. */
export class PageSession {
  readonly #forwarder: RequestForwarder;
  readonly #pending = new Map<number, AbortController>();
  readonly #subscriptions: { dispose(): void }[];
  #disposed = false;

  constructor(
    private readonly kind: PageKind,
    context: JsonObject,
    private readonly process: Pick<
      ServerProcess,
      'state' | 'client' | 'onDidChangeState' | 'onEvent'
    >,
    private readonly outlet: PageOutlet,
  ) {
    this.#forwarder = new RequestForwarder(process, kind.operations);
    this.#subscriptions = [
      process.onDidChangeState((state) => this.#post(linkMessage(state))),
      process.onEvent((event: ServerEvent) => {
        if (kind.follows(event, context)) this.#post({ type: 'event', event });
      }),
    ];
  }

  /** @param raw whatever the page sent */
  receive(raw: unknown): void {
    const { data, error } = pageMessageSchema.safeParse(raw);
    if (data) this.#follow(data);
    else this.outlet.refused(error.message);
  }

  dispose(): void {
    this.#disposed = true;
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const request of this.#pending.values()) request.abort();
  }

  #follow(message: PageMessage): void {
    switch (message.type) {
      case 'ready':
        this.#post(linkMessage(this.process.state));
        break;
      case 'request':
        void this.#answer(message);
        break;
      case 'cancel':
        this.#pending.get(message.id)?.abort();
        break;
      case 'draft':
        this.outlet.draftChanged(message.draft);
        break;
    }
  }

  async #answer(request: Extract<PageMessage, { type: 'request' }>): Promise<void> {
    const { id } = request;
    const abort = new AbortController();
    this.#pending.set(id, abort);
    try {
      const body = await this.#perform(request, abort.signal);
      this.#post({ type: 'answer', id, body: body as JsonValue | undefined });
    } catch (error) {
      this.#post({ type: 'failure', id, failure: failureOf(error) });
    } finally {
      if (this.#pending.get(id) === abort) this.#pending.delete(id);
    }
  }

  async #perform(
    { to, name, input }: Extract<PageMessage, { type: 'request' }>,
    signal: AbortSignal,
  ): Promise<unknown> {
    if (to === 'rest') return this.#forwarder.forward(name, input, signal);
    const { actions } = this.kind;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) throw new Error(`This page cannot ask for “${name}”.`);
    return action.run(action.input.parse(input) as never);
  }

  #post(message: WindowMessage): void {
    if (!this.#disposed) this.outlet.post(message);
  }
}

function linkMessage(state: LinkState): WindowMessage {
  const message = state.status === 'failed' ? state.error.message : '';
  return { type: 'link', status: state.status, message };
}
