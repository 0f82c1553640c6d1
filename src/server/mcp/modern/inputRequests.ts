import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';

interface Question {
  /** As it stands in `inputRequests`. */
  request: JsonObject;
  resolve(answer: JsonObject): void;
  reject(error: unknown): void;
}

/** Questions of servers inside one call that the client has not answered yet, by their keys. */
export class InputRequests {
  readonly #open = new Map<string, Question>();
  #count = 0;

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /** @returns the client's answer. @throws the signal's reason where the server withdraws it */
  ask(method: string, params: JsonObject | undefined, signal: AbortSignal): Promise<JsonObject> {
    const key = `q${this.#count++}`;
    const request = { method, params: embeddedParams(params) };
    return new Promise((resolve, reject) => {
      const withdraw = () => {
        this.#open.delete(key);
        reject(signal.reason);
      };
      signal.addEventListener('abort', withdraw, { once: true });
      const forget = () => signal.removeEventListener('abort', withdraw);
      this.#open.set(key, {
        request,
        resolve: (answer) => {
          forget();
          resolve(answer);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      });
    });
  }

  /** All that are open, as `inputRequests`. */
  toObject(): JsonObject {
    return Object.fromEntries([...this.#open].map(([key, { request }]) => [key, request]));
  }

  /** Takes answers by key; unknown keys, and what is no answer, are ignored. */
  answer(responses: JsonObject): void {
    for (const [key, question] of [...this.#open]) {
      const answer = Object.hasOwn(responses, key) ? responses[key] : undefined;
      if (!isAnswer(question.request.method, answer)) continue;
      this.#open.delete(key);
      question.resolve(answer);
    }
  }

  /** Nobody will answer. */
  failAll(reason: string): void {
    for (const { reject } of this.#open.values()) {
      reject(new RpcError(rpcCodes.internalError, `The client is gone: ${reason}`));
    }
    this.#open.clear();
  }
}

/** What has a meaning only in a message of the session era is left out. */
function embeddedParams(params: JsonObject = {}): JsonObject {
  const { task: _task, elicitationId: _id, _meta, ...rest } = params;
  if (!isJsonObject(_meta)) return rest;
  const { progressToken: _token, ...meta } = _meta;
  return Object.keys(meta).length === 0 ? rest : { ...rest, _meta: meta };
}

/** The least that makes an answer one; the rest is for the server to judge. */
function isAnswer(method: unknown, answer: unknown): answer is JsonObject {
  if (!isJsonObject(answer)) return false;
  if (method === 'elicitation/create') return typeof answer.action === 'string';
  if (method === 'roots/list') return Array.isArray(answer.roots);
  return answer.content !== undefined;
}
