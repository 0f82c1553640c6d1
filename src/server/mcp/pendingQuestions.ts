import type { JsonObject } from '../../contract/json.ts';
import {
  type JsonRpcNotification,
  type JsonRpcResponse,
  type RequestId,
  RpcError,
  rpcCodes,
} from '../../contract/jsonRpc.ts';

/** People answer questions; after this long nobody will. */
const questionLimitMs = 60 * 60_000;

interface Question {
  resolve(result: JsonObject): void;
  reject(error: RpcError): void;
  /** Ends its timer and lets go of its signal. */
  release(): void;
  progress(params: JsonObject): void;
}

export interface QuestionOptions {
  /** Withdraws the question. */
  signal: AbortSignal;
  /** Takes the `notifications/cancelled` for a withdrawn question. */
  send(cancelled: JsonRpcNotification): void;
  /** Hears of the client's progress; the progress token of the question is its id. */
  onProgress(params: JsonObject): void;
}

/** Requests sent to one client that it has not answered yet. */
export class PendingQuestions {
  readonly #open = new Map<RequestId, Question>();
  #count = 0;

  open({ signal, send, onProgress }: QuestionOptions): {
    id: RequestId;
    answer: Promise<JsonObject>;
  } {
    this.#count += 1;
    const id = `vmcp-${this.#count}`;
    const withdraw = (reason: string) => {
      const params = { requestId: id, reason };
      send({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
      this.fail(id, new RpcError(rpcCodes.internalError, `The question was withdrawn: ${reason}`));
    };
    const onAbort = () => withdraw(messageOf(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => withdraw('no answer within an hour'), questionLimitMs).unref();
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const answer = new Promise<JsonObject>((resolve, reject) => {
      this.#open.set(id, { resolve, reject, release, progress: onProgress });
    });
    return { id, answer };
  }

  /** Hands a response to its question; one that nobody waits for is dropped. */
  settle(response: JsonRpcResponse): void {
    if (response.id === null) return;
    if ('result' in response) this.#take(response.id)?.resolve(response.result);
    else {
      const { code, message, data } = response.error;
      this.fail(response.id, new RpcError(code, message, data));
    }
  }

  /** A progress notification of the client; one for no open question is dropped. */
  progressed(params: JsonObject): void {
    const token = params.progressToken;
    if (typeof token === 'string') this.#open.get(token)?.progress(params);
  }

  fail(id: RequestId, error: RpcError): void {
    this.#take(id)?.reject(error);
  }

  failAll(error: RpcError): void {
    for (const id of [...this.#open.keys()]) this.fail(id, error);
  }

  #take(id: RequestId): Question | undefined {
    const question = this.#open.get(id);
    this.#open.delete(id);
    question?.release();
    return question;
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
