import type { OperationReply } from '../../src/contract/webview/operations.ts';
import type { Rest } from '../shared/rest.ts';

const pauseMs = 300;

/** What a text that is being written refers to, asked of the server in the pauses of the writing. */
export class PromptPreview {
  shown: OperationReply<'previewTemplate'> | undefined;
  #text = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly vmcpId: string,
    private readonly rest: Rest,
    private readonly changed: () => void,
  ) {}

  /** Asks where the text is another one than before. */
  follow(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    clearTimeout(this.#timer);
    if (/[@{]/.test(text)) this.#timer = setTimeout(() => void this.#ask(text), pauseMs);
    else this.shown = undefined;
  }

  async #ask(text: string): Promise<void> {
    const params = { vmcp_id: this.vmcpId };
    // Only a help while writing: without the server there is none, and the page says so elsewhere.
    const preview = await this.rest
      .call('previewTemplate', { params, body: { text } })
      .catch(() => undefined);
    if (text !== this.#text) return;
    this.shown = preview;
    this.changed();
  }
}
