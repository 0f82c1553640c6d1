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
import { errorText } from '../rpcText.ts';
import { modernMessageOf } from './classifyEra.ts';
import { discoverResult } from './discover.ts';
import { envelopeOf, innerParams } from './envelope.ts';
import { askedOf, bindingOf, type Incoming } from './incoming.ts';
import { listenFilterOf } from './listenFilter.ts';
import { ListenStreams, type ListenStreamsDependencies } from './listenStreams.ts';
import { ModernAnswers } from './modernAnswers.ts';
import { canBeAsked, ModernCall, type Outcome, type Round } from './modernCall.ts';
import { type ModernClient, ModernClients } from './modernClients.ts';
import { headerMismatch, ModernRefusal } from './modernRefusal.ts';
import { ModernReply } from './modernReply.ts';
import { ParkedCalls, type ParkedCallsOptions } from './parkedCalls.ts';
import { RelayedStates } from './relayedStates.ts';
import { standardHeadersOf } from './standardHeaders.ts';
import { ToolParamHeaders } from './toolParamHeaders.ts';

const tickMs = 500;
/** Of states that came back, for ten minutes: about the most that clients can use meanwhile. */
const maxUsedStates = 100_000;
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
  readonly #states: RelayedStates;
  readonly #answers: ModernAnswers;
  #callCount = 0;

  constructor(private readonly dependencies: ModernEdgeDependencies) {
    const { parking, version, log } = dependencies;
    this.#parked = new ParkedCalls(parking);
    this.#states = new RelayedStates({ lifeMs: parking.lifeMs, limit: maxUsedStates });
    this.#answers = new ModernAnswers(version, log);
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
    else if (params.requestState === undefined) this.#start(incoming, undefined);
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
    const asked = { method: 'server/discover', params: {}, compiled };
    this.#answers.write(asked, round, { result: discoverResult(compiled) });
  }

  #listen(incoming: Incoming): void {
    const { params, address, round } = incoming;
    const { id: requestId, reply, envelope } = round;
    if (!reply.acceptsStream) {
      const text = 'Accept must allow text/event-stream';
      throw new ModernRefusal(406, requestId, rpcCodes.invalidRequest, text);
    }
    const client = this.#clients.of(address, envelope.clientInfo);
    const fail = (error: unknown) => this.#answers.write(askedOf(incoming), round, { error });
    try {
      const filter = listenFilterOf(params);
      const { vmcp: vmcpId, tokenId } = address;
      const wanted = { requestId, vmcpId, tokenId, reply, client, filter };
      this.#listens.open(wanted).catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  /** @param requestState what a server wanted to have back, with which the client repeats a call */
  #start(incoming: Incoming, requestState: string | undefined): void {
    const { message, params, address, compiled, round } = incoming;
    const { upstreams, operations } = this.dependencies;
    const { logLevel } = round.envelope;
    const client = this.#clients.of(address, round.envelope.clientInfo);
    const call = this.#newCall(incoming, client);
    const slot = this.#calls.add(call);
    this.#begin(call, round);
    if (logLevel !== undefined) upstreams.setLogLevel(compiled.serverIds, call, logLevel);
    const settle = (outcome: Outcome) => {
      this.#calls.delete(slot);
      if (logLevel !== undefined) upstreams.setLogLevel(compiled.serverIds, call, null);
      if (call.id !== sharedCallerId) upstreams.release(call);
      if (call.isGivenUp) this.#parked.forget(call);
      call.settle(outcome);
    };
    operations
      .perform({
        vmcpId: address.vmcp,
        method: message.method,
        params: innerParams(params),
        caller: call,
        signal: call.cancellation,
        repetition: { inputResponses: params.inputResponses, requestState },
        client,
      })
      .then(
        (result) => settle({ result }),
        (error) => settle({ error: endingOf(call, error) }),
      );
  }

  #newCall(incoming: Incoming, client: ModernClient): ModernCall {
    const { editor } = this.dependencies;
    const { message, address, round } = incoming;
    const { capabilities: declared, clientInfo, logLevel } = round.envelope;
    const capabilities = editor.capabilities(address.vmcp, declared);
    const isAlone = logLevel !== undefined || canBeAsked(capabilities);
    const call = new ModernCall({
      id: isAlone ? `${sharedCallerId}-${++this.#callCount}` : sharedCallerId,
      method: message.method,
      ...{ declared, capabilities, clientInfo, logLevel },
      editorRoots: (owner) => editor.roots(address.vmcp, client.name, owner),
      memoryOwner: client,
      answer: (answered, outcome) => this.#answer(incoming, answered, outcome),
      park: (parked, questions) => this.#park(call, incoming, parked, questions),
    });
    return call;
  }

  /** The client is back with answers. */
  #resume(incoming: Incoming): void {
    const { params, round } = incoming;
    try {
      const binding = bindingOf(incoming);
      const state = this.#states.take(params.requestState, binding);
      if (state !== undefined) this.#start(incoming, state);
      else {
        const call = this.#parked.take(params.requestState, binding);
        this.#begin(call, round, params.inputResponses);
      }
    } catch (error) {
      this.#answers.write(askedOf(incoming), round, { error });
    }
  }

  #begin(call: ModernCall, round: Round, responses?: JsonObject[string]): void {
    const slot = this.#replies.add(round.reply);
    round.reply.onEnded(() => this.#replies.delete(slot));
    call.begin(round, isJsonObject(responses) ? responses : {});
  }

  /** The end of a call, or of a round where a server wants input: the client is the one to repeat it. */
  #answer(incoming: Incoming, round: Round, outcome: Outcome): void {
    const state = 'result' in outcome ? wantedState(outcome.result) : undefined;
    if (state === undefined || !('result' in outcome)) {
      this.#answers.write(askedOf(incoming), round, outcome);
      return;
    }
    const sealed = this.#states.give(state, bindingOf(incoming));
    this.#answers.writeInput(incoming.compiled, round, outcome.result, sealed);
  }

  #park(call: ModernCall, incoming: Incoming, round: Round, questions: JsonObject): void {
    const state = this.#parked.park(call, bindingOf(incoming));
    if (state === undefined) {
      const text = 'Too many calls wait for answers of their clients. Try again later.';
      const error = new RpcError(rpcCodes.internalError, text);
      this.#answers.write(askedOf(incoming), round, { error });
      call.giveUp('too many calls wait for answers');
      return;
    }
    const result = { resultType: 'input_required', inputRequests: questions };
    this.#answers.writeInput(incoming.compiled, round, result, state);
  }

  #tick(): void {
    const now = performance.now();
    for (const reply of this.#replies) reply.tick(now);
    this.#listens.tick(now);
  }
}

/** The state of a result that wants input; undefined for one that ends its call. */
function wantedState({ resultType, requestState }: JsonObject): string | undefined {
  return resultType === 'input_required' && typeof requestState === 'string'
    ? requestState
    : undefined;
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
