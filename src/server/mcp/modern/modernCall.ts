import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import {
  type JsonRpcNotification,
  type RequestId,
  RpcError,
  rpcCodes,
} from '../../../contract/jsonRpc.ts';
import { Cancellation } from '../../cancellation.ts';
import { canAsk } from '../../protocol/canAsk.ts';
import { isAskable, mayAsk } from '../../protocol/inputRounds.ts';
import type { Caller, OneCall, Party, Root } from '../../upstream/caller.ts';
import { passesLevel } from '../logLevels.ts';
import type { Envelope } from './envelope.ts';
import { InputRequests } from './inputRequests.ts';
import { missingCapability } from './modernFailure.ts';
import type { ModernReply } from './modernReply.ts';
import type { Parkable } from './parkedCalls.ts';

/** Questions that come within this time of each other are put to the client together. */
const gatherMs = 10;
const rootsLimit = 100;

/** One request of the client and its answer; a call has several where the client is asked. */
export interface Round {
  id: RequestId;
  reply: ModernReply;
  envelope: Envelope;
}

/** How a call ended. */
export type Outcome = { result: JsonObject } | { error: unknown };

export interface ModernCallOptions {
  /** Calls of the same id never wait for each other's turn. */
  id: string;
  method: string;
  /** What the client declared. */
  declared: JsonObject;
  /** With what VS Code answers in its place. */
  capabilities: JsonObject;
  /** The folders of VS Code. */
  editorRoots(owner: object): Promise<readonly Root[]>;
  clientInfo: JsonObject;
  logLevel: string | undefined;
  /** Whose calls share what is remembered of URIs. */
  memoryOwner: object;
  /** Writes how the call ended into a round. */
  answer(round: Round, outcome: Outcome): void;
  /** Ends a round with questions. */
  park(round: Round, questions: JsonObject): void;
}

/** One call of a client without session: who stands behind it, and the way back to it. */
export class ModernCall implements Caller, Party, OneCall, Parkable {
  readonly id: string;
  readonly capabilities: JsonObject;
  readonly clientInfo: JsonObject;
  readonly logLevel: string | undefined;
  readonly memoryOwner: object;
  readonly cancellation = new Cancellation();
  waitingSince: number | undefined;
  #round: Round | undefined;
  #outcome: Outcome | undefined;
  readonly #questions = new InputRequests();
  /** A server went without the answer to a question that the client cannot be asked. */
  #refused: RpcError | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #roots: Promise<readonly Root[]> | undefined;
  /** The newest progress while no request of the client is open. */
  #missedProgress: JsonRpcNotification | undefined;

  constructor(private readonly options: ModernCallOptions) {
    this.id = options.id;
    this.capabilities = options.capabilities;
    this.clientInfo = options.clientInfo;
    this.logLevel = options.logLevel;
    this.memoryOwner = options.memoryOwner;
  }

  get party(): Party {
    return this;
  }

  /** Where it can be asked; others leave nothing behind that waits. */
  get oneCall(): OneCall | undefined {
    return canBeAsked(this.options.declared) ? this : undefined;
  }

  /** The client's request, the first or one that brings answers; it ends with `answer` or `park`. */
  begin(round: Round, responses: JsonObject = {}): void {
    this.#round = round;
    this.waitingSince = undefined;
    round.reply.onLeft(() => {
      if (this.#round === round) this.#leave('the client left');
    });
    if (this.#missedProgress) this.notify(this.#missedProgress);
    this.#missedProgress = undefined;
    this.#questions.answer(responses);
    if (this.#outcome) this.#finish(this.#outcome);
    else if (!this.#questions.isEmpty) this.#gather();
  }

  /** The call is over. If it failed for want of a question, that is what the client is told. */
  settle(outcome: Outcome): void {
    const failed = 'error' in outcome || outcome.result.isError === true;
    const ending = failed && this.#refused ? { error: this.#refused } : outcome;
    this.#outcome = ending;
    clearTimeout(this.#gathering);
    if (this.#round) this.#finish(ending);
  }

  get isGivenUp(): boolean {
    return this.cancellation.aborted;
  }

  giveUp(reason: string): void {
    this.#leave(reason);
  }

  /** Progress goes to the request that is open, with its token; log messages where they are wanted. */
  notify(notification: JsonRpcNotification): void {
    const { method, params } = notification;
    const round = this.#round;
    if (method === 'notifications/progress') {
      if (!round) this.#missedProgress = notification;
      else if (round.envelope.progressToken !== undefined) {
        const { progressToken } = round.envelope;
        round.reply.send({ ...notification, params: { ...params, progressToken } });
      }
    } else if (method === 'notifications/message') {
      const wish = round?.envelope.logLevel;
      if (wish !== undefined && passesLevel(params?.level, wish)) round?.reply.send(notification);
    }
  }

  canAnswer(method: string, params: JsonObject | undefined): boolean {
    return mayAsk(this.options.method) && canAsk(this.options.declared, method, params);
  }

  /** Ends the client's request with the question; its next one brings the answer. */
  async ask(
    method: string,
    params: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    signal.throwIfAborted();
    if (!isAskable(method) || !mayAsk(this.options.method)) {
      const text = `${method} cannot be asked during ${this.options.method}`;
      throw new RpcError(rpcCodes.methodNotFound, text);
    }
    if (!this.canAnswer(method, params)) {
      this.#refused ??= missingCapability(method, params);
      throw new RpcError(rpcCodes.methodNotFound, `The client does not support ${method}`);
    }
    const answer = this.#questions.ask(method, params, signal);
    this.#gather();
    return answer;
  }

  /** Clients that declared roots are asked for them; nothing is known of them from earlier requests. */
  async roots(signal: AbortSignal): Promise<readonly Root[]> {
    const { declared, method, editorRoots } = this.options;
    if (!isJsonObject(this.capabilities.roots)) return [];
    if (!isJsonObject(declared.roots)) return editorRoots(this.memoryOwner);
    if (!mayAsk(method)) return [];
    this.#roots ??= this.ask('roots/list', undefined, signal).then(({ roots }) =>
      Array.isArray(roots) ? roots.filter(isRoot).slice(0, rootsLimit) : [],
    );
    return this.#roots;
  }

  #gather(): void {
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => {
      const round = this.#round;
      if (!round || this.#outcome || this.#questions.isEmpty) return;
      this.#round = undefined;
      this.waitingSince = performance.now();
      this.options.park(round, this.#questions.toObject());
    }, gatherMs);
  }

  #finish(outcome: Outcome): void {
    const round = this.#round;
    this.#round = undefined;
    if (round) this.options.answer(round, outcome);
  }

  #leave(reason: string): void {
    this.#round = undefined;
    this.#questions.failAll(reason);
    this.cancellation.abort(new Error(reason));
  }
}

/** Whether servers can get anything out of the client, so that its calls must not be mixed up. */
export function canBeAsked({ roots, sampling, elicitation }: JsonObject): boolean {
  return isJsonObject(roots) || isJsonObject(sampling) || isJsonObject(elicitation);
}

function isRoot(value: unknown): value is Root {
  return isJsonObject(value) && typeof value.uri === 'string';
}
