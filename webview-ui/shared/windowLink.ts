import type { ServerEvent } from '../../src/contract/events.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/contract/json.ts';
import type {
  LinkStatus,
  PageMessage,
  PageStart,
  WindowMessage,
} from '../../src/contract/webview/messages.ts';
import { RequestFailure } from './requestFailure.ts';

interface Pending {
  resolve(body: unknown): void;
  reject(failure: RequestFailure): void;
}

/** The page's way to its window, and to VS Code's memory. */
export class WindowLink {
  readonly context: JsonObject;
  /** What was typed before and not saved; null: nothing. */
  readonly firstDraft: JsonValue;
  /** What the window knew of the object when the page was made; null: nothing. It may be old. */
  readonly known: JsonValue;
  /** What the page kept of its look: scrolling, what is unfolded. */
  readonly firstView: JsonObject;
  onEvent: (event: ServerEvent) => void = () => undefined;
  onLink: (link: LinkStatus) => void = () => undefined;
  readonly #api = acquireVsCodeApi();
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #draft: JsonValue;
  #view: JsonObject;
  #draftTold: boolean;

  constructor({ context, draft, known }: PageStart) {
    const kept = this.#api.getState();
    const remade = isJsonObject(kept);
    this.context = context;
    // A page that was hidden is built anew from its first text: only its state is up to date.
    this.firstDraft = remade ? ((kept.draft as JsonValue | undefined) ?? null) : draft;
    // … and edits are put on something as new as what they began with.
    this.known = remade && this.firstDraft !== null ? null : known;
    this.firstView = remade && isJsonObject(kept.view) ? kept.view : {};
    this.#draft = this.firstDraft;
    this.#draftTold = this.firstDraft !== null;
    this.#view = this.firstView;
    this.#keep();
    window.addEventListener('message', (event) => this.#receive(event.data));
    this.#post({ type: 'ready' });
  }

  /**
   * Asks for a REST operation, or for something that only the window can do.
   * @throws RequestFailure
   */
  request(
    to: 'rest' | 'window',
    name: string,
    input: JsonObject,
    signal?: AbortSignal,
  ): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      signal?.addEventListener('abort', () => this.#post({ type: 'cancel', id }), { once: true });
      this.#post({ type: 'request', id, to, name, input });
    });
  }

  /** Keeps what is typed and not saved, over reloads too. It must hold no secret. */
  keepDraft(draft: JsonValue): void {
    this.#draft = draft;
    this.#keep();
    // At once: the page may be closed with the next stroke.
    if (draft !== null || this.#draftTold) this.#post({ type: 'draft', draft });
    this.#draftTold = draft !== null;
  }

  /** Keeps how the page looks. */
  keepView(view: JsonObject): void {
    this.#view = view;
    this.#keep();
  }

  #keep(): void {
    this.#api.setState({ context: this.context, draft: this.#draft, view: this.#view });
  }

  #post(message: PageMessage): void {
    this.#api.postMessage(message);
  }

  #receive(message: WindowMessage): void {
    switch (message.type) {
      case 'answer':
        this.#take(message.id)?.resolve(message.body);
        break;
      case 'failure':
        this.#take(message.id)?.reject(new RequestFailure(message.failure));
        break;
      case 'event':
        this.onEvent(message.event);
        break;
      case 'link':
        this.onLink(message);
        break;
      default:
        break; // VS Code's own
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
