import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { type JsonRpcNotification, RpcError } from '../../../contract/jsonRpc.ts';
import { abortSignalOf } from '../../cancellation.ts';
import { canAsk } from '../../protocol/canAsk.ts';
import { modernCodes } from '../../protocol/modernProtocol.ts';
import type { Caller } from '../caller.ts';
import type { Connection } from '../connection.ts';
import type { EraKnowledge } from '../eraKnowledge.ts';
import type { ServerDescription } from '../handshake.ts';
import { HttpStatusError } from '../httpFailure.ts';
import { SessionLostError } from '../transport.ts';
import type { UpstreamContext } from '../upstreamContext.ts';
import { UpstreamError } from '../upstreamError.ts';
import type { UpstreamCall } from '../upstreams.ts';
import { waitFor } from '../waitFor.ts';
import { ListenLoop } from './listenLoop.ts';
import { Pause } from './pause.ts';
import { ReadCache } from './readCache.ts';
import { RoundsCaller } from './roundsCaller.ts';
import { type Repetition, repeated, routed } from './routedState.ts';
import { sessionError, sessionResult } from './sessionResult.ts';
import { askAll, type WantedInput, wantedInput } from './wantedInput.ts';

/** Rounds with questions in one call; clients of this era give up after as many. */
const maxRounds = 10;

/** Whom a server without sessions tells what belongs to no call. */
export interface ModernHost {
  notice(notification: JsonRpcNotification): void;
  listChanged(): void;
  /** Reads the lists again; resolves when they are there. */
  readLists(): Promise<unknown>;
}

export interface ModernServerOptions {
  serverId: string;
  connection: Connection;
  description: ServerDescription;
  known: Pick<EraKnowledge, 'tool'>;
  host: ModernHost;
  context: Pick<UpstreamContext, 'log'>;
}

/** A server without sessions (MCP 2026-07-28): every client's calls go through its one connection. */
export class ModernServer {
  readonly #reads = new ReadCache();
  readonly #listening: ListenLoop;

  constructor(private readonly options: ModernServerOptions) {
    const { connection, description, host, context } = options;
    this.#listening = new ListenLoop({
      ...{ connection, capabilities: description.capabilities, log: context.log },
      heard: (notification) => this.#heard(notification),
      listsChanged: () => {
        this.#reads.clear();
        host.listChanged();
      },
    });
  }

  /**
   * Hears of changes from now on, of these resources too.
   * @returns those of which the server will tell
   */
  listenTo(uris: Iterable<string>): Promise<ReadonlySet<string>> {
    return this.#listening.listenTo(uris);
  }

  /**
   * A client's call. One whose client repeats calls by itself ends where the server wants input; others
   * are asked, and the call is repeated here.
   * @throws as `Upstreams.call`
   */
  async call(call: UpstreamCall, timeoutMs: number): Promise<JsonObject> {
    const { method, params = {}, repetition } = call;
    const { inputResponses: _responses, requestState: _state, task: _task, ...own } = params;
    const uri = hasInput(repetition) ? undefined : uriOf(method, own);
    const kept = uri === undefined ? undefined : this.#reads.get(uri);
    try {
      const result = kept ?? (await this.#answered({ ...call, params: own }, timeoutMs));
      return repetition ? result : sessionResult(result, this.#tool(own));
    } catch (error) {
      throw repetition ? error : sessionError(error, method);
    }
  }

  #answered(call: UpstreamCall, timeoutMs: number): Promise<JsonObject> {
    return call.repetition ? this.#relayed(call, timeoutMs) : this.#completed(call, timeoutMs);
  }

  /** One round where the client itself can give what is wanted; else rounds as for other clients. */
  async #relayed(call: UpstreamCall, timeoutMs: number): Promise<JsonObject> {
    const { serverId, connection } = this.options;
    const more = repeated(call.repetition ?? {}, serverId);
    const params = { ...call.params, ...more };
    const result = await this.#sendFirst({ ...call, params }, call.caller, timeoutMs);
    const wanted = wantedInput(result, call.method, connection.serverName);
    if (wanted === undefined) return result;
    if (!canGive(call.caller, wanted)) return this.#completed(call, timeoutMs, result);
    const relayed = routed(result, serverId);
    if (relayed !== undefined) return relayed;
    throw this.#error('wants its client to carry a state of more than 64 KiB');
  }

  /**
   * Rounds until the server wants nothing more.
   * @param first the result of the first round, where that was sent already
   */
  async #completed(call: UpstreamCall, timeoutMs: number, first?: JsonObject): Promise<JsonObject> {
    const { serverName } = this.options.connection;
    const caller = new RoundsCaller(call.caller);
    const pause = new Pause(timeoutMs);
    let result = first ?? (await this.#sendFirst(call, caller, timeoutMs));
    for (let rounds = 0; ; ) {
      const wanted = wantedInput(result, call.method, serverName);
      if (wanted === undefined) return result;
      const signal = abortSignalOf(call.signal);
      let given: JsonObject = {};
      if (wanted.requests.size === 0) {
        if (!(await pause.next(signal))) throw this.#error('was busy all the time');
      } else {
        if (++rounds > maxRounds) throw this.#error(`asked its client in ${maxRounds} rounds`);
        given = { inputResponses: await askAll(wanted, caller, signal, serverName) };
        pause.restart();
      }
      caller.newRound();
      const params = { ...call.params, ...given, ...stateOf(wanted) };
      result = await this.#send({ ...call, params }, caller, timeoutMs);
    }
  }

  /** What is read without any input of a client may be kept for others (MCP 2026-07-28, caching). */
  async #sendFirst(call: UpstreamCall, caller: Caller, timeoutMs: number): Promise<JsonObject> {
    const { changes } = this.#reads;
    const result = await this.#send(call, caller, timeoutMs);
    const uri = uriOf(call.method, call.params);
    const isWhole = !hasInput(call.repetition) && result.resultType !== 'input_required';
    if (uri !== undefined && isWhole) this.#reads.put(uri, result, changes);
    return result;
  }

  /** Sends it, once more where the server did not take its headers: its lists have changed meanwhile. */
  async #send(call: UpstreamCall, caller: Caller, timeoutMs: number): Promise<JsonObject> {
    const { method, params, signal } = call;
    const { connection, host } = this.options;
    const request = { method, params, caller, signal, timeoutMs };
    try {
      return await connection.request(request);
    } catch (error) {
      if (knowsNoEnvelope(error)) {
        connection.retire();
        const isRpc = error instanceof RpcError;
        const cause = isRpc ? this.#error('refused the version that it speaks, as it said') : error;
        throw new SessionLostError('the server is not what it was', { cause });
      }
      const isMismatch = error instanceof RpcError && error.code === modernCodes.headerMismatch;
      if (!isMismatch || method !== 'tools/call') throw error;
      await waitFor(host.readLists(), signal);
      return connection.request(request);
    }
  }

  #heard(notification: JsonRpcNotification): void {
    const { method, params } = notification;
    if (method === 'notifications/resources/updated' && typeof params?.uri === 'string') {
      this.#reads.drop(params.uri);
    }
    this.options.host.notice(notification);
  }

  #tool({ name }: JsonObject): Readonly<JsonObject> | undefined {
    return typeof name === 'string' ? this.options.known.tool(name) : undefined;
  }

  #error(text: string): UpstreamError {
    const { serverName } = this.options.connection;
    return new UpstreamError('protocol', serverName, `Server "${serverName}" ${text}. Try again.`);
  }
}

/** Whether a server refused a request, unread, that it would have taken when it was asked what it is. */
function knowsNoEnvelope(error: unknown): boolean {
  if (error instanceof RpcError) return error.code === modernCodes.unsupportedVersion;
  const cause = error instanceof UpstreamError ? error.cause : undefined;
  return cause instanceof HttpStatusError && [400, 404, 405].includes(cause.status);
}

/** The resource that is read; undefined for what is no read. */
function uriOf(method: string, params: JsonObject | undefined): string | undefined {
  return method === 'resources/read' && typeof params?.uri === 'string' ? params.uri : undefined;
}

/** Whether a request brings something of its client with it, on which the result may depend. */
function hasInput(repetition: Repetition | undefined): boolean {
  return repetition?.requestState !== undefined || repetition?.inputResponses !== undefined;
}

/** Whether the client itself has all that is wanted: what VS Code answers in its place, it does not. */
function canGive(caller: Caller, { requests }: WantedInput): boolean {
  return [...requests.values()].every((request) => {
    const method = String(request.method);
    const params = isJsonObject(request.params) ? request.params : undefined;
    return canAsk(caller.party.capabilities, method, params) && caller.canAnswer(method, params);
  });
}

function stateOf({ state }: WantedInput): JsonObject {
  return state === undefined ? {} : { requestState: state };
}
