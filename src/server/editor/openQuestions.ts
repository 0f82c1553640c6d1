import { randomUUID } from 'node:crypto';
import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';
import type { EditorAnswer, EditorQuestion } from '../../contract/questions.ts';
import { InvalidError, NotFoundError } from '../appErrors.ts';
import type { EditorWindow, EditorWindows } from './editorWindows.ts';

/** People may be away; after this long a question is taken back. */
const answerLimitMs = 10 * 60_000;
const maxOpen = 32;
/** One vMCP cannot keep the others from asking. */
const maxOpenOfOneVmcp = 8;

interface Open {
  question: EditorQuestion;
  window: EditorWindow;
  resolve(answer: EditorAnswer): void;
  reject(error: RpcError): void;
}

/** Which actions answer which question. */
const actions: Record<EditorQuestion['asked']['kind'], readonly EditorAnswer['action'][]> = {
  form: ['accept', 'decline', 'cancel', 'refuse'],
  url: ['accept', 'decline', 'cancel', 'refuse'],
  sampling: ['sampled', 'decline', 'cancel', 'refuse'],
  roots: ['accept', 'decline', 'cancel', 'refuse'],
};

/** Questions that a window was asked and has not answered. Each is at one window only. */
export class OpenQuestions {
  readonly #open = new Map<string, Open>();
  readonly #stopHearing: () => void;

  constructor(private readonly windows: EditorWindows) {
    this.#stopHearing = windows.onGone((window) => this.#moveFrom(window));
  }

  /**
   * Asks the window in front; when it closes, the next one.
   * @param signal takes the question back
   * @throws RpcError where there is no window, too much is asked already, or nobody answers
   */
  ask(asked: Omit<EditorQuestion, 'question_id'>, signal: AbortSignal): Promise<EditorAnswer> {
    signal.throwIfAborted();
    const window = this.windows.front;
    if (!window) throw noWindow();
    if (this.#isTooMuch(asked.vmcp_id)) {
      throw new RpcError(rpcCodes.internalError, 'Too many questions are open in VS Code.');
    }
    const question = { question_id: randomUUID(), ...asked };
    return new Promise((resolve, reject) => {
      const id = question.question_id;
      const withdraw = (reason: string) => {
        this.#open.get(id)?.window.send({ type: 'question.withdrawn', question_id: id });
        end(() => reject(new RpcError(rpcCodes.internalError, reason)));
      };
      const onAbort = () => withdraw(`The question was withdrawn: ${messageOf(signal.reason)}`);
      const timer = setTimeout(
        () => withdraw(`Nobody answered in VS Code within ${answerLimitMs / 60_000} minutes.`),
        answerLimitMs,
      ).unref();
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#open.delete(id);
        settle();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#open.set(id, {
        question,
        window,
        resolve: (answer) => end(() => resolve(answer)),
        reject: (error) => end(() => reject(error)),
      });
      window.send({ type: 'question', question_id: id });
    });
  }

  /** @throws NotFoundError where it was answered or taken back */
  get(id: string): EditorQuestion {
    return this.#find(id).question;
  }

  /** @throws NotFoundError where it was answered or taken back, InvalidError for what is no answer to it */
  answer(id: string, answer: EditorAnswer): void {
    const open = this.#find(id);
    const { kind } = open.question.asked;
    const fits =
      actions[kind].includes(answer.action) &&
      (answer.action !== 'sampled' || answer.sampled !== undefined) &&
      (kind !== 'form' || answer.action !== 'accept' || answer.content !== undefined);
    if (!fits) throw new InvalidError('No answer to this question', `action: not for “${kind}”`);
    open.resolve(answer);
  }

  /** Nobody is asked any more. */
  close(): void {
    this.#stopHearing();
    for (const { reject } of [...this.#open.values()]) reject(noWindow());
  }

  #find(id: string): Open {
    const open = this.#open.get(id);
    if (open) return open;
    throw new NotFoundError('This question is not open any more', `question_id: ${id}`);
  }

  #isTooMuch(vmcpId: string): boolean {
    if (this.#open.size >= maxOpen) return true;
    let count = 0;
    for (const { question } of this.#open.values()) if (question.vmcp_id === vmcpId) count += 1;
    return count >= maxOpenOfOneVmcp;
  }

  #moveFrom(gone: EditorWindow): void {
    const next = this.windows.front;
    for (const open of [...this.#open.values()]) {
      if (open.window !== gone) continue;
      if (next) {
        open.window = next;
        next.send({ type: 'question', question_id: open.question.question_id });
      } else {
        open.reject(noWindow());
      }
    }
  }
}

function noWindow(): RpcError {
  return new RpcError(rpcCodes.internalError, 'No window of VS Code is there to answer any more.');
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
