import type { ImportPreview } from '../../../contract/serverImport.ts';
import type { AddingClient } from '../../../serverLink/addingClient.ts';
import { messageOf } from '../../../serverLink/linkError.ts';
import { RestError } from '../../../serverLink/restError.ts';

/** Typing is followed after such a pause. */
const pauseMs = 120;

/** How a text was understood. */
export type Recognition =
  | { status: 'empty'; text: string }
  | { status: 'found'; text: string; preview: ImportPreview }
  | { status: 'failed'; text: string; message: string };

/** Says of what is being typed how it is understood; the last text wins. */
export class Recognizer {
  #timer: NodeJS.Timeout | undefined;
  #abort = new AbortController();

  constructor(
    private readonly client: () => AddingClient,
    private readonly tell: (recognition: Recognition) => void,
  ) {}

  /** Tells after a pause how a text is understood, unless another one comes. */
  follow(text: string): void {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    this.#timer = setTimeout(async () => {
      const recognition = await this.#recognize(text, abort.signal);
      if (!abort.signal.aborted) this.tell(recognition);
    }, pauseMs);
  }

  /** Recognizes at once; what was to be told of texts before is not. */
  now(text: string): Promise<Recognition> {
    this.stop();
    this.#abort = new AbortController();
    return this.#recognize(text, this.#abort.signal);
  }

  /** What is still to come is not told. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  async #recognize(text: string, signal: AbortSignal): Promise<Recognition> {
    if (text.trim() === '') return { status: 'empty', text };
    try {
      return { status: 'found', text, preview: await this.client().preview({ text }, signal) };
    } catch (error) {
      // Where the mistake is stands in the error itself; the field that it came in says nothing.
      const message = error instanceof RestError ? error.error : messageOf(error);
      return { status: 'failed', text, message };
    }
  }
}
