import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import {
  type JsonRpcNotification,
  type JsonRpcRequest,
  RpcError,
  rpcCodes,
} from '../../contract/jsonRpc.ts';
import { AppError } from '../appErrors.ts';
import { Cancellation, type CancelSignal } from '../cancellation.ts';
import type { Log } from '../log.ts';
import { SlotSet } from '../slotSet.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import type { Vmcps } from '../vmcp/configuration/vmcps.ts';
import type { Operations } from '../vmcp/operations/operations.ts';
import { ClientLeft, type ClientSession } from './clientSession.ts';
import { isLogLevel } from './logLevels.ts';
import type { Outlet } from './outlet.ts';
import { errorText, resultText } from './rpcText.ts';
import { SessionCaller } from './sessionCaller.ts';
import type { SessionRegistry } from './sessionRegistry.ts';
import { sessionTools } from './sessionTools.ts';

export interface DispatcherDependencies {
  vmcps: Vmcps;
  upstreams: Upstreams;
  operations: Operations;
  sessions: SessionRegistry;
  log: Log;
}

/** Performs what a client of the session era sends, message by message. */
export class Dispatcher {
  readonly #open = new SlotSet<Cancellation>();

  constructor(private readonly dependencies: DispatcherDependencies) {}

  /** Requests of all clients that are not answered yet. */
  get openRequests(): number {
    return this.#open.size;
  }

  /** Ends all open requests with an error that says why. */
  abortAll(reason: string): void {
    for (const cancellation of this.#open) cancellation.abort(new Error(reason));
  }

  /**
   * Performs one request and hands the response to `outlet`.
   * @param cancellation ends it from outside
   */
  async request(
    session: ClientSession,
    request: JsonRpcRequest,
    outlet: Outlet,
    cancellation = new Cancellation(),
  ): Promise<void> {
    const { id } = request;
    if (session.openRequest(id)) {
      const message = `The id ${JSON.stringify(id)} is already in use by an open request`;
      outlet.answer(errorText(id, new RpcError(rpcCodes.invalidRequest, message)));
      return;
    }
    // without a session there is no notification that could cancel the request
    const inSession = session.transient ? undefined : session.inFlight.add({ id, cancellation });
    const slot = this.#open.add(cancellation);
    let text: string;
    try {
      const performed = await this.#perform(session, request, outlet, cancellation);
      const result = request.method === 'tools/list' ? sessionTools(performed) : performed;
      text = resultText(id, result, request.method.endsWith('/list'));
    } catch (error) {
      text = errorText(id, this.#rpcError(cancellation.reason, error, request.method));
    }
    if (inSession !== undefined) session.inFlight.delete(inSession);
    this.#open.delete(slot);
    // a request that the client cancelled gets no answer
    outlet.answer(cancellation.reason instanceof ClientLeft ? undefined : text);
  }

  /** Takes a notification of a client; there is no answer to it. */
  notification(session: ClientSession, notification: JsonRpcNotification): void {
    const { method, params } = notification;
    switch (method) {
      case 'notifications/initialized':
        return;
      case 'notifications/cancelled': {
        const id = params?.requestId;
        if (typeof id !== 'string' && typeof id !== 'number') return;
        const reason =
          typeof params?.reason === 'string' ? params.reason : 'cancelled by the client';
        session.openRequest(id)?.abort(new ClientLeft(reason));
        return;
      }
      case 'notifications/progress':
        if (params) session.progressed(params);
        return;
      case 'notifications/roots/list_changed':
        session.forgetRoots();
        this.dependencies.upstreams.rootsChanged(session);
        return;
      default:
        this.#passOn(session, notification);
    }
  }

  /** Renews upstream what a stored session had asked for before a restart. */
  renew(session: ClientSession): void {
    const { upstreams, vmcps, log } = this.dependencies;
    const { vmcp_id, log_level, subscriptions } = session.record;
    if (vmcps.find(vmcp_id) === undefined) return;
    if (log_level) {
      upstreams.setLogLevel(vmcps.compiled(vmcp_id).serverIds, session, log_level);
    }
    for (const uri of subscriptions) {
      this.#operate(
        session,
        'resources/subscribe',
        { uri },
        noOutlet,
        AbortSignal.timeout(60_000),
      ).catch((error: unknown) => log.warning('A subscription was not renewed', { uri, error }));
    }
  }

  #perform(
    session: ClientSession,
    { method, params = {} }: JsonRpcRequest,
    outlet: Outlet,
    signal: CancelSignal,
  ): Promise<JsonObject> {
    switch (method) {
      case 'ping':
        return Promise.resolve({});
      case 'logging/setLevel':
        return this.#setLogLevel(session, params);
      case 'resources/subscribe':
      case 'resources/unsubscribe':
        return this.#changeSubscription(session, method, params, outlet, signal);
      default:
        return this.#operate(session, method, params, outlet, signal);
    }
  }

  #operate(
    session: ClientSession,
    method: string,
    params: JsonObject,
    outlet: Outlet,
    signal: CancelSignal,
  ): Promise<JsonObject> {
    return this.dependencies.operations.perform({
      vmcpId: session.record.vmcp_id,
      method,
      params,
      caller: new SessionCaller(session, outlet),
      signal,
      client: { id: session.clientId, name: session.clientName },
    });
  }

  async #setLogLevel(session: ClientSession, { level }: JsonObject): Promise<JsonObject> {
    if (!isLogLevel(level)) {
      const message = `logging/setLevel: unknown level ${JSON.stringify(level)}`;
      throw new RpcError(rpcCodes.invalidParams, message);
    }
    const { vmcps, upstreams, sessions } = this.dependencies;
    if (session.transient) return {};
    upstreams.setLogLevel(vmcps.compiled(session.record.vmcp_id).serverIds, session, level);
    await sessions.update(session, { log_level: level });
    return {};
  }

  async #changeSubscription(
    session: ClientSession,
    method: 'resources/subscribe' | 'resources/unsubscribe',
    params: JsonObject,
    outlet: Outlet,
    signal: CancelSignal,
  ): Promise<JsonObject> {
    if (session.transient) {
      const message = `${method} needs a session: call initialize first`;
      throw new RpcError(rpcCodes.invalidRequest, message);
    }
    const result = await this.#operate(session, method, params, outlet, signal);
    const uris = new Set(session.record.subscriptions);
    if (method === 'resources/subscribe') uris.add(String(params.uri));
    else uris.delete(String(params.uri));
    await this.dependencies.sessions.update(session, { subscriptions: [...uris] });
    return result;
  }

  /** Notifications unknown here may mean something to the servers this client uses. */
  #passOn(session: ClientSession, notification: JsonRpcNotification): void {
    const { vmcps, upstreams } = this.dependencies;
    if (session.transient || vmcps.find(session.record.vmcp_id) === undefined) return;
    for (const serverId of vmcps.compiled(session.record.vmcp_id).serverIds) {
      upstreams.notify(serverId, session, notification);
    }
  }

  /** @param ended why the request was ended from outside, if it was */
  #rpcError(ended: Error | undefined, error: unknown, method: string): RpcError {
    if (ended) return new RpcError(rpcCodes.internalError, `Ended: ${ended.message}`);
    if (error instanceof RpcError) return error;
    if (error instanceof AppError) return new RpcError(rpcCodes.invalidParams, error.message);
    this.dependencies.log.error(`Internal error in ${method}`, { error });
    return new RpcError(
      rpcCodes.internalError,
      `Internal error in ${method}; vMCP's log says more`,
    );
  }
}

const noOutlet: Outlet = { send: () => false, answer: () => undefined };

/** What a client said of itself in `initialize`; anything else counts as nothing. */
export function objectOrEmpty(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
