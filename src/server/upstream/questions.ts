import type { JsonObject } from '../../contract/json.ts';
import {
  type JsonRpcErrorObject,
  type JsonRpcRequest,
  type RequestId,
  RpcError,
  rpcCodes,
} from '../../contract/jsonRpc.ts';
import type { Caller } from './caller.ts';
import type { CallOwner } from './callOwner.ts';
import type { PendingCall } from './pendingCall.ts';

/** A human may take long over a question, but not for ever. */
const maxQuestionMs = 3_600_000;

interface Question {
  /** The calls it may belong to; it ends with the last of them. */
  calls: Set<PendingCall>;
  askedAt: number;
  abort: AbortController;
  partyId: string;
}

export type Answer = { id: RequestId } & ({ result: JsonObject } | { error: JsonRpcErrorObject });

/** Questions of one server to clients that are open: sampling, elicitation and whatever else it asks. */
export class Questions {
  readonly #open = new Map<RequestId, Question>();

  /**
   * @param answer sends an answer to the server
   * @param progress tells it how far the client is
   */
  constructor(
    private readonly answer: (answer: Answer) => void,
    private readonly progress: (params: JsonObject) => void,
  ) {}

  /** Puts a question to the client it belongs to, and the answer, or why there is none, to the server. */
  ask(request: JsonRpcRequest, owner: CallOwner): void {
    if (owner.kind !== 'party') {
      this.answer({ id: request.id, error: refusal(request.method, owner.kind) });
      return;
    }
    void this.#ask(request, owner.caller, owner.calls);
  }

  /** The server takes a question back; it wants no answer. */
  cancelled(id: RequestId): void {
    const question = this.#open.get(id);
    if (question === undefined) return;
    this.#forget(id, question);
    question.abort.abort(new RpcError(rpcCodes.internalError, 'The server withdrew its request.'));
  }

  /** A call has ended: what it asked needs no answer of the client any more. */
  callEnded(call: PendingCall): void {
    if (call.openQuestions === 0) return;
    for (const question of this.#open.values()) {
      if (!question.calls.delete(call) || question.calls.size > 0) continue;
      question.abort.abort(
        new RpcError(rpcCodes.internalError, 'The call it belonged to is over.'),
      );
    }
  }

  partyGone(partyId: string): void {
    for (const question of this.#open.values()) {
      if (question.partyId !== partyId) continue;
      question.abort.abort(new RpcError(rpcCodes.internalError, 'The client has disconnected.'));
    }
  }

  /** Ends questions that were never answered. */
  sweep(now: number): void {
    for (const question of this.#open.values()) {
      if (now - question.askedAt < maxQuestionMs) continue;
      question.abort.abort(new RpcError(rpcCodes.internalError, 'No answer within an hour.'));
    }
  }

  close(): void {
    for (const [id, question] of [...this.#open]) {
      this.#forget(id, question);
      question.abort.abort(new RpcError(rpcCodes.internalError, 'The server has disconnected.'));
    }
  }

  async #ask(request: JsonRpcRequest, caller: Caller, calls: PendingCall[]): Promise<void> {
    const question: Question = {
      calls: new Set(calls),
      askedAt: performance.now(),
      abort: new AbortController(),
      partyId: caller.party.id,
    };
    this.#open.set(request.id, question);
    for (const call of calls) call.openQuestions++;
    const outcome = await askUntilAborted(request, caller, question.abort.signal, this.progress);
    // Withdrawn meanwhile: the server expects nothing more.
    if (this.#open.get(request.id) !== question) return;
    this.#forget(request.id, question);
    this.answer({ id: request.id, ...outcome });
  }

  #forget(id: RequestId, question: Question): void {
    this.#open.delete(id);
    const now = performance.now();
    for (const call of question.calls) {
      call.openQuestions--;
      call.lastHeard = now;
    }
  }
}

/** The client's answer in wire form; the abort reason where the client does not heed the signal. */
async function askUntilAborted(
  request: JsonRpcRequest,
  caller: Caller,
  signal: AbortSignal,
  progress: (params: JsonObject) => void,
): Promise<{ result: JsonObject } | { error: JsonRpcErrorObject }> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    const asked = caller.ask(request.method, request.params, signal, progress);
    return { result: await Promise.race([asked, aborted]) };
  } catch (error) {
    if (error instanceof RpcError) return { error: error.toObject() };
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code: rpcCodes.internalError, message } };
  }
}

function refusal(method: string, reason: 'none' | 'unclear'): JsonRpcErrorObject {
  return {
    code: rpcCodes.invalidRequest,
    message:
      reason === 'none'
        ? `${method} belongs to no open call of a client, so nobody can be asked.`
        : `${method} could belong to calls of several clients, so nobody can be asked.`,
  };
}
