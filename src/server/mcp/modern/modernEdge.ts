import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import {
  type JsonRpcMessage,
  type JsonRpcRequest,
  RpcError,
  rpcCodes,
} from '../../../contract/jsonRpc.ts';
import type { EditorAnswers } from '../../editor/editorAnswers.ts';
import type { McpAddress } from '../../http/mcpEndpoint.ts';
import { paramHeaderProblem } from '../../protocol/paramHeaders.ts';
import { SlotSet } from '../../slotSet.ts';
import type { CompiledVmcp } from '../../vmcp/compile/compiledVmcp.ts';
import { sendJson } from '../exchange.ts';
import { errorText, resultText } from '../rpcText.ts';
import { modernMessageOf } from './classifyEra.ts';
import { discoverResult } from './discover.ts';
import { envelopeOf, innerParams } from './envelope.ts';
import { listenFilterOf } from './listenFilter.ts';
import { ListenStreams, type ListenStreamsDependencies } from './listenStreams.ts';
import { canBeAsked, ModernCall, type Outcome, type Round } from './modernCall.ts';
import { ModernClients } from './modernClients.ts';
import { modernError, statusOf, unknownResource } from './modernFailure.ts';
import { headerMismatch, ModernRefusal } from './modernRefusal.ts';
import { ModernReply } from './modernReply.ts';
import { ParkedCalls, type ParkedCallsOptions } from './parkedCalls.ts';
import { digestOf, type StateBinding } from './requestState.ts';
import { completeResult, inputRequired } from './results.ts';
import { standardHeadersOf } from './standardHeaders.ts';
import { ToolParamHeaders } from './toolParamHeaders.ts';
import { urlQuestions } from './urlQuestions.ts';

const tickMs = 500;
/** Clients that cannot be asked need no telling apart. */
const sharedCallerId = 'modern';

const operated = new Set([
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
]);

/** Answered here, without any server. */
const own = new Set(['server/discover', 'subscriptions/listen']);

export interface ModernEdgeDependencies extends ListenStreamsDependencies {
  version: string;
  editor: EditorAnswers;
  parking: ParkedCallsOptions;
}

/** A classified request with all that is known of it. */
interface Incoming {
  message: JsonRpcRequest;
  params: JsonObject;
  address: McpAddress;
  compiled: CompiledVmcp;
  round: Round;
}

/** The era without sessions (MCP 2026-07-28): each request is served from itself alone. */
export class ModernEdge {
  readonly #calls = new SlotSet<ModernCall>();
  readonly #parked: ParkedCalls<ModernCall>;
  readonly #clients = new ModernClients();
  readonly #paramHeaders = new ToolParamHeaders();
  /** Of requests that are not answered yet. */
  readonly #replies = new SlotSet<ModernReply>();
  readonly #listens: ListenStreams;
  readonly #ticker = setInterval(() => this.#tick(), tickMs).unref();
  #callCount = 0;

  constructor(private readonly dependencies: ModernEdgeDependencies) {
    this.#parked = new ParkedCalls(dependencies.parking);
    this.#listens = new ListenStreams(dependencies);
  }

  /** Calls of clients that wait for an answer of ours. */
  get openRequests(): number {
    return this.#replies.size;
  }

  /**
   * Answers a POST of this era, also where only its headers say that it is one.
   * @returns false where it is of the session era; nothing was answered then
   */
  takes(
    body: JsonRpcMessage | JsonRpcMessage[],
    request: IncomingMessage,
    response: ServerResponse,
    address: McpAddress,
  ): boolean {
    try {
      const message = modernMessageOf(body, standardHeadersOf(request.headers));
      if (message === undefined) return false;
      if ('id' in message) this.#request(message, request, response, address);
      else response.writeHead(202).end(); // this era has no notifications by POST; none means anything
    } catch (error) {
      if (!(error instanceof ModernRefusal)) throw error;
      sendJson(response, error.status, errorText(error.id, error.rpcError));
    }
    return true;
  }

  /** Ends all calls with an error that says why. */
  abortAll(reason: string): void {
    this.#parked.expireAll(reason);
    for (const call of this.#calls) call.cancellation.abort(new Error(reason));
  }

  close(): void {
    clearInterval(this.#ticker);
    this.#listens.close();
  }

  #request(
    message: JsonRpcRequest,
    request: IncomingMessage,
    response: ServerResponse,
    address: McpAddress,
  ): void {
    const { id, method, params = {} } = message;
    if (!operated.has(method) && !own.has(method)) {
      throw new ModernRefusal(404, id, rpcCodes.methodNotFound, `Method not found: ${method}`);
    }
    const envelope = envelopeOf(message);
    const compiled = this.dependencies.vmcps.compiled(address.vmcp);
    if (method === 'tools/call') this.#checkParamHeaders(message, compiled, request);
    const reply = new ModernReply(response, acceptsStream(request));
    const incoming = { message, params, address, compiled, round: { id, reply, envelope } };
    if (method === 'server/discover') this.#discover(incoming);
    else if (method === 'subscriptions/listen') this.#listen(incoming);
    else if (params.requestState === undefined) this.#start(incoming);
    else this.#resume(incoming);
  }

  #checkParamHeaders(
    { id, params = {} }: JsonRpcRequest,
    compiled: CompiledVmcp,
    { headers }: IncomingMessage,
  ): void {
    const expected = this.#paramHeaders.of(compiled, params.name);
    if (expected.length === 0) return;
    const problem = paramHeaderProblem(expected, params.arguments, headers);
    if (problem !== undefined) throw headerMismatch(id, problem);
  }

  #discover({ compiled, round }: Incoming): void {
    this.#answer('server/discover', {}, compiled, round, { result: discoverResult(compiled) });
  }

  #listen({ message, params, address, compiled, round }: Incoming): void {
    const { id: requestId, reply, envelope } = round;
    if (!reply.acceptsStream) {
      const text = 'Accept must allow text/event-stream';
      throw new ModernRefusal(406, requestId, rpcCodes.invalidRequest, text);
    }
    const client = this.#clients.of(address, envelope.clientInfo);
    const fail = (error: unknown) =>
      this.#answer(message.method, params, compiled, round, { error });
    try {
      const filter = listenFilterOf(params);
      this.#listens.open({ requestId, vmcpId: address.vmcp, reply, client, filter }).catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  #start(incoming: Incoming): void {
    const { message, params, address, compiled, round } = incoming;
    const { method } = message;
    const { upstreams, operations, editor } = this.dependencies;
    const { capabilities, clientInfo, logLevel } = round.envelope;
    const answered = editor.capabilities(address.vmcp, capabilities);
    const isAlone = logLevel !== undefined || canBeAsked(answered);
    const client = this.#clients.of(address, clientInfo);
    let slot = -1;
    const call = new ModernCall({
      id: isAlone ? `${sharedCallerId}-${++this.#callCount}` : sharedCallerId,
      method,
      declared: capabilities,
      capabilities: answered,
      editorRoots: (owner) => editor.roots(address.vmcp, client.name, owner),
      memoryOwner: client,
      answer: (answered, outcome) => this.#answer(method, params, compiled, answered, outcome),
      park: (parked, questions) => this.#park(call, incoming, parked, questions),
    });
    slot = this.#calls.add(call);
    this.#begin(call, round);
    if (logLevel !== undefined) upstreams.setLogLevel(compiled.serverIds, call, logLevel);
    const settle = (outcome: Outcome) => {
      this.#calls.delete(slot);
      if (logLevel !== undefined) upstreams.setLogLevel(compiled.serverIds, call, null);
      if (isAlone) upstreams.release(call);
      if (call.isGivenUp) this.#parked.forget(call);
      call.settle(outcome);
    };
    operations
      .perform({
        vmcpId: address.vmcp,
        method,
        params: innerParams(params),
        caller: call,
        signal: call.cancellation,
        client,
      })
      .then(
        (result) => settle({ result }),
        (error) => settle({ error: endingOf(call, error) }),
      );
  }

  /** The client is back with answers. */
  #resume({ params, address, compiled, message, round }: Incoming): void {
    try {
      const call = this.#parked.take(params.requestState, bindingOf(message, params, address));
      this.#begin(call, round, params.inputResponses);
    } catch (error) {
      this.#answer(message.method, params, compiled, round, { error });
    }
  }

  #begin(call: ModernCall, round: Round, responses?: JsonObject[string]): void {
    const slot = this.#replies.add(round.reply);
    round.reply.onEnded(() => this.#replies.delete(slot));
    call.begin(round, isJsonObject(responses) ? responses : {});
  }

  #park(
    call: ModernCall,
    { message, params, address, compiled }: Incoming,
    round: Round,
    questions: JsonObject,
  ): void {
    const state = this.#parked.park(call, bindingOf(message, params, address));
    if (state === undefined) {
      const text = 'Too many calls wait for answers of their clients. Try again later.';
      const error = new RpcError(rpcCodes.internalError, text);
      this.#answer(message.method, params, compiled, round, { error });
      call.giveUp('too many calls wait for answers');
      return;
    }
    const result = inputRequired(questions, state, this.#serverInfo(compiled));
    round.reply.finish(resultText(round.id, result, false));
  }

  #answer(
    method: string,
    params: JsonObject,
    compiled: CompiledVmcp,
    { id, reply, envelope }: Round,
    outcome: Outcome,
  ): void {
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
    else reply.finish(resultText(id, inputRequired(questions, undefined, serverInfo), false));
  }

  #rpcError(method: string, params: JsonObject, cause: unknown): RpcError {
    const known = modernError(cause, params);
    if (known) return known;
    this.dependencies.log.error(`Internal error in ${method}`, { error: cause });
    const text = `Internal error in ${method}; vMCP's log says more`;
    return new RpcError(rpcCodes.internalError, text);
  }

  #serverInfo({ serverName }: CompiledVmcp): JsonObject {
    return { name: serverName, version: this.dependencies.version };
  }

  #tick(): void {
    const now = performance.now();
    for (const reply of this.#replies) reply.tick(now);
    this.#listens.tick(now);
  }
}

function bindingOf(
  { method }: JsonRpcRequest,
  params: JsonObject,
  { vmcp, tokenId }: McpAddress,
): StateBinding {
  return { vmcpId: vmcp, principal: tokenId, method, digest: digestOf(params) };
}

/** A read without contents found nothing: servers of the session era may say it that way. */
function foundOrNot(method: string, params: JsonObject, result: JsonObject): Outcome {
  const isEmpty =
    method === 'resources/read' && Array.isArray(result.contents) && result.contents.length === 0;
  if (!isEmpty) return { result };
  return { error: unknownResource(`Resource ${params.uri} has no contents`, params.uri) };
}

/** Why a call that was given up ended. */
function endingOf({ cancellation }: ModernCall, error: unknown): unknown {
  const { aborted, reason } = cancellation;
  if (!aborted) return error;
  if (reason instanceof RpcError) return reason;
  return new RpcError(rpcCodes.internalError, `Ended: ${reason?.message}`);
}

function acceptsStream({ headers }: IncomingMessage): boolean {
  const { accept } = headers;
  return accept === undefined || accept.includes('text/event-stream') || accept.includes('*/*');
}
