import type { JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import type { Log } from '../../log.ts';
import type { CompiledVmcp } from '../../vmcp/compile/compiledVmcp.ts';
import { errorText, resultText } from '../rpcText.ts';
import type { Outcome, Round } from './modernCall.ts';
import { modernError, statusOf, unknownResource } from './modernFailure.ts';
import { completeResult, inputRequired, relayedInput } from './results.ts';
import { urlQuestions } from './urlQuestions.ts';

/** What a client asked, as far as its answer depends on it. */
export interface Asked {
  method: string;
  params: JsonObject;
  compiled: CompiledVmcp;
}

/** Writes how calls end in the words of this era. */
export class ModernAnswers {
  readonly #serverInfos = new WeakMap<CompiledVmcp, JsonObject>();

  /** @param version vMCP's own */
  constructor(
    private readonly version: string,
    private readonly log: Log,
  ) {}

  write({ method, params, compiled }: Asked, round: Round, outcome: Outcome): void {
    const { id, reply, envelope } = round;
    const serverInfo = this.#serverInfo(compiled);
    const ending = 'result' in outcome ? foundOrNot(method, params, outcome.result) : outcome;
    if ('result' in ending) {
      const result = completeResult(method, ending.result, serverInfo);
      reply.finish(resultText(id, result, method.endsWith('/list')));
      return;
    }
    const error = this.#rpcError(method, params, ending.error);
    const questions = urlQuestions(method, error, envelope.capabilities);
    if (questions instanceof RpcError) reply.finish(errorText(id, questions), statusOf(questions));
    else if (questions === undefined) reply.finish(errorText(id, error), statusOf(error));
    else reply.finish(resultText(id, inputRequired(questions, serverInfo), false));
  }

  /** Ends a round with questions; the client is to come back with `requestState`. */
  writeInput(
    compiled: CompiledVmcp,
    { id, reply }: Round,
    result: JsonObject,
    requestState: string,
  ): void {
    const input = relayedInput(result, requestState, this.#serverInfo(compiled));
    reply.finish(resultText(id, input, false));
  }

  #rpcError(method: string, params: JsonObject, cause: unknown): RpcError {
    const known = modernError(cause, params);
    if (known) return known;
    this.log.error(`Internal error in ${method}`, { error: cause });
    const text = `Internal error in ${method}; vMCP's log says more`;
    return new RpcError(rpcCodes.internalError, text);
  }

  #serverInfo(compiled: CompiledVmcp): JsonObject {
    const known = this.#serverInfos.get(compiled);
    if (known) return known;
    const serverInfo = { name: compiled.serverName, version: this.version };
    this.#serverInfos.set(compiled, serverInfo);
    return serverInfo;
  }
}

/** A read without contents found nothing: servers of the session era may say it that way. */
function foundOrNot(method: string, params: JsonObject, result: JsonObject): Outcome {
  const isEmpty =
    method === 'resources/read' && Array.isArray(result.contents) && result.contents.length === 0;
  if (!isEmpty) return { result };
  return { error: unknownResource(`Resource ${params.uri} has no contents`, params.uri) };
}
