import { messageOf } from '../../serverLink/linkError.ts';
import type { QuestionDesk } from './openQuestions.ts';
import type { QuestionParts } from './questionParts.ts';

/** Hears what this window is asked in place of clients; what asks the user is loaded with the first question. */
export class QuestionInbox {
  #desk: Promise<QuestionDesk> | undefined;
  readonly #following: { dispose(): void };

  constructor(private readonly parts: QuestionParts) {
    this.#following = parts.process.onEvent((event) => {
      if (event.type === 'question') this.#tell((desk) => desk.ask(event.question_id));
      else if (event.type === 'question.withdrawn') {
        this.#tell((desk) => desk.withdraw(event.question_id));
      }
    });
  }

  dispose(): void {
    this.#following.dispose();
    if (this.#desk) this.#tell((desk) => desk.dispose());
  }

  #tell(act: (desk: QuestionDesk) => void): void {
    this.#desk ??= import('./openQuestions.ts').then(
      ({ QuestionDesk }) => new QuestionDesk(this.parts),
    );
    this.#desk.then(act).catch((error) => {
      this.parts.log.error(`A question is not answered: ${messageOf(error)}`);
    });
  }
}
