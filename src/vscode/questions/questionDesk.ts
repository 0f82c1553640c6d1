import type { EditorAnswer, EditorQuestion } from '../../contract/questions.ts';
import { messageOf } from '../../serverLink/linkError.ts';
import { QuestionClient } from '../../serverLink/questionClient.ts';
import { connectedClient } from '../connectedClient.ts';
import { answerForm } from './answerForm.ts';
import { answerRoots } from './answerRoots.ts';
import { answerSampling } from './answerSampling.ts';
import { answerUrl } from './answerUrl.ts';
import type { QuestionParts } from './questionParts.ts';

/** Puts what servers ask to the user, or to a model, and brings the answers back. */
export class QuestionDesk {
  /** What takes a question back. */
  readonly #open = new Map<string, AbortController>();
  /** Forms come one after the other: there is one place for them. */
  #forms: Promise<void> = Promise.resolve();

  constructor(private readonly parts: QuestionParts) {}

  ask(id: string): void {
    if (this.#open.has(id)) return;
    const stop = new AbortController();
    this.#open.set(id, stop);
    this.#answer(id, stop.signal)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) this.parts.log.error(`question=${id} ${messageOf(error)}`);
      })
      .finally(() => this.#open.delete(id));
  }

  /** Nobody waits for the answer any more. */
  withdraw(id: string): void {
    this.#open.get(id)?.abort();
  }

  dispose(): void {
    for (const stop of this.#open.values()) stop.abort();
  }

  async #answer(id: string, signal: AbortSignal): Promise<void> {
    const client = await this.#client();
    const question = await client.question(id);
    if (!question || signal.aborted) return;
    const answer = await this.#answerTo(question, signal).catch((error: unknown): EditorAnswer => {
      if (!signal.aborted) this.parts.log.error(`question=${id} ${messageOf(error)}`);
      return { action: 'refuse', reason: messageOf(error).slice(0, 1000) };
    });
    if (!signal.aborted) await (await this.#client()).answer(id, answer);
  }

  #answerTo(question: EditorQuestion, signal: AbortSignal): Promise<EditorAnswer> {
    const { asked } = question;
    switch (asked.kind) {
      case 'form': {
        const answer = this.#forms.then(() => answerForm(question, asked, signal));
        this.#forms = answer.then(
          () => undefined,
          () => undefined, // told to the server; the next form may do better
        );
        return answer;
      }
      case 'url':
        return answerUrl(question, asked, async () => this.#isOpen(question));
      case 'sampling':
        return answerSampling(question, asked, { ...this.parts, signal });
      case 'roots':
        return answerRoots(question, asked);
    }
  }

  async #isOpen({ question_id }: EditorQuestion): Promise<boolean> {
    return (await (await this.#client()).question(question_id)) !== undefined;
  }

  /** A question may come before the window has told the server its settings. */
  async #client(): Promise<QuestionClient> {
    return new QuestionClient(await connectedClient(this.parts.process));
  }
}
