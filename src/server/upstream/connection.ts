import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import {
  classifyMessage,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type JsonRpcResponse,
  RpcError,
} from '../../contract/jsonRpc.ts';
import type { CancelSignal } from '../cancellation.ts';
import type { Log } from '../log.ts';
import type { Party } from './caller.ts';
import { type IncomingHost, IncomingMessages } from './incomingMessages.ts';
import { PendingCall, type RequestOptions } from './pendingCall.ts';
import { PendingCalls } from './pendingCalls.ts';
import { Questions } from './questions.ts';
import { TaskOwners } from './taskOwners.ts';
import type { MessageOrigin, Transport, TransportListener } from './transport.ts';
import { UpstreamError, type UpstreamErrorCode } from './upstreamError.ts';

/** What a connection needs its owner for. */
export interface ConnectionHost extends IncomingHost {
  readonly serverName: string;
  /** A call of the party, which had its turn, has ended. */
  callEnded(party: Party): void;
  /** It must not be used for new calls; those that are open may still end. */
  retired(connection: Connection): void;
  closed(connection: Connection, error: Error): void;
}

/** Writes a call as the request that is sent for it. */
export interface RequestWording {
  wrap(call: PendingCall): JsonRpcRequest;
}

const pingAfterMs = 60_000;
const pingLimitMs = 30_000;
const maxMissedPings = 2;
/** Between two sweeps nothing could be heard for so long: the machine slept, or this process did. */
const sleepMs = 60_000;

/**
 * Many requests at once over one transport, with ids and progress tokens of its own; what the server
 * sends by itself is given to whom it belongs. Messages are dealt with synchronously, in order.
 */
export class Connection implements TransportListener {
  readonly #pending = new PendingCalls();
  readonly #tasks = new TaskOwners();
  readonly #questions = new Questions(
    (answer) => this.#send({ jsonrpc: '2.0', ...answer }),
    (params) => this.#send({ jsonrpc: '2.0', method: 'notifications/progress', params }),
  );
  readonly #incoming: IncomingMessages;
  /** How requests are worded where the server has no sessions; undefined in the session era. */
  #wording: RequestWording | undefined;
  /** Requests that stay open for what the server has to tell. */
  #listening = 0;
  #lastHeard = performance.now();
  #lastSweep = performance.now();
  #missedPings = 0;
  #retired = false;
  #closedWith: Error | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly host: ConnectionHost,
    private readonly log: Log,
  ) {
    this.#incoming = new IncomingMessages({
      host,
      log,
      calls: this.#pending,
      tasks: this.#tasks,
      questions: this.#questions,
      send: (message) => this.#send(message),
    });
    transport.start(this);
  }

  /** Whether nothing but order tells to which call a message belongs. */
  get isPipe(): boolean {
    return this.transport.isPipe;
  }

  get serverName(): string {
    return this.host.serverName;
  }

  get isUsable(): boolean {
    return !this.#retired && this.#closedWith === undefined;
  }

  get callsInFlight(): number {
    return this.#pending.size - this.#listening;
  }

  /** How requests are worded from now on; undefined: as in the session era. */
  worded(wording: RequestWording | undefined): void {
    this.#wording = wording;
  }

  /**
   * Sends a request; for one of a client, it is the client's turn.
   * @returns the result object as the server wrote it
   * @throws RpcError the server's; UpstreamError; SessionLostError; the signal's reason
   */
  request(options: RequestOptions): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const call = new PendingCall(this.#pending.nextId(), options, resolve, reject);
      this.#pending.add(call);
      if (call.isListening) this.#listening += 1;
      const { signal } = options;
      if (this.#closedWith !== undefined) this.#end(call).reject(this.#closedWith);
      else if (signal?.aborted) this.#end(call).reject(signal.reason);
      else {
        if (signal !== undefined) this.#cancelBy(signal, call);
        this.transport.send(this.#wording?.wrap(call) ?? call.toRequest());
      }
    });
  }

  /** Tells the server something; one without sessions wants to hear nothing of its clients. */
  notify(notification: JsonRpcNotification): void {
    if (this.#wording === undefined) this.#send(notification);
  }

  /** The handshake is done; resolves when calls may follow. */
  opened(protocolVersion: string): Promise<void> {
    return this.transport.opened(protocolVersion);
  }

  /** No new calls; it closes when the last open one has ended. */
  retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.host.retired(this);
    this.#closeIfDrained();
  }

  /** Ends the connection; open calls fail with `error`. Resolves when the server's processes are gone. */
  async close(error: Error): Promise<void> {
    this.closed(error);
    await this.transport.close();
  }

  releaseParty(partyId: string): void {
    this.#questions.partyGone(partyId);
    this.#tasks.release(partyId);
  }

  /** Called about every second: fails calls that were silent too long, and pings a silent server. */
  sweep(now: number): void {
    this.#passOver(now - this.#lastSweep);
    this.#lastSweep = now;
    for (const call of this.#pending.values()) {
      if (!call.hasTimedOut(now)) continue;
      const seconds = Math.round(call.timeoutMs / 1000);
      const text = `did not answer ${call.method} within ${seconds} s without progress. Try again, or raise its time limit.`;
      this.#cancel(call, this.#error('timeout', text), 'timed out');
    }
    this.#questions.sweep(now);
    if (this.#wording !== undefined || this.#pending.size > 0) return;
    if (now - this.#lastHeard > pingAfterMs) void this.#ping();
  }

  message(value: unknown, origin: MessageOrigin): void {
    this.#lastHeard = performance.now();
    // A batch is what servers of 2025-03-26 may send.
    const messages = Array.isArray(value) ? value : [value];
    for (const message of messages) {
      try {
        this.#message(message, origin);
      } catch (error) {
        // What a client's side does wrong must not end the connection that others share.
        this.log.error('a message could not be passed on', { server: this.serverName, error });
      }
    }
  }

  requestFailed(id: number, error: Error): void {
    const call = this.#pending.get(id);
    if (call !== undefined) this.#end(call).reject(error);
  }

  sessionLost(): void {
    this.retire();
  }

  closed(error: Error): void {
    if (this.#closedWith !== undefined) return;
    this.#closedWith = error;
    this.#questions.close();
    for (const call of this.#pending.values()) this.#end(call).reject(error);
    this.host.closed(this, error);
  }

  /** A sleep is nobody's silence: calls have the time left that they had before. */
  #passOver(elapsed: number): void {
    if (elapsed < sleepMs) return;
    this.#lastHeard += elapsed;
    for (const call of this.#pending.values()) call.lastHeard += elapsed;
  }

  #message(value: unknown, origin: MessageOrigin): void {
    const kind = classifyMessage(value);
    if (kind === 'response') this.#response(value as JsonRpcResponse);
    else if (kind === 'notification') {
      this.#incoming.notification(value as JsonRpcNotification, origin);
    } else if (kind === 'request' && this.#wording === undefined) {
      this.#incoming.request(value as JsonRpcRequest, origin);
    } else this.#strange(value);
  }

  #response(response: JsonRpcResponse): void {
    const call = this.#pending.get(response.id);
    if (call === undefined) return;
    this.#end(call);
    if ('error' in response) {
      const { code, message, data } = response.error;
      call.reject(new RpcError(code, message, data));
    } else {
      this.#tasks.note(call, response.result);
      call.resolve(response.result);
    }
  }

  /** Something with our id that is no message still ends that call. */
  #strange(value: unknown): void {
    this.log.debug('message that is no JSON-RPC', { server: this.host.serverName });
    if (!isJsonObject(value) || typeof value.id !== 'number' || 'method' in value) return;
    const text = 'sent a reply that is no valid JSON-RPC. Report this to its author.';
    this.requestFailed(value.id, this.#error('protocol', text));
  }

  #cancelBy(signal: CancelSignal, call: PendingCall): void {
    // Not assigned at once: V8 takes functions written as a property's value for long-lived, and with an
    // old function everything that its call refers to would wait for the next full collection.
    const onAbort = () => this.#cancel(call, signal.reason, 'cancelled by the client');
    call.onAbort = onAbort;
    signal.addEventListener('abort', onAbort, { once: true });
  }

  #cancel(call: PendingCall, error: unknown, reason: string): void {
    // The initialization must not be cancelled (MCP 2025-11-25, basic/utilities/cancellation).
    if (call.method !== 'initialize') {
      const params = { requestId: call.id, reason };
      this.#send({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
    }
    this.transport.abandon(call.id);
    this.#end(call).reject(error);
  }

  #end(call: PendingCall): PendingCall {
    this.#pending.delete(call);
    if (call.isListening) this.#listening -= 1;
    const { signal, caller } = call.options;
    if (call.onAbort !== undefined) signal?.removeEventListener('abort', call.onAbort);
    this.#questions.callEnded(call);
    if (caller !== undefined) this.host.callEnded(caller.party);
    if (this.#retired) this.#closeIfDrained();
    return call;
  }

  #closeIfDrained(): void {
    if (this.callsInFlight > 0 || this.#closedWith !== undefined) return;
    void this.close(this.#error('closed', 'was disconnected.'));
  }

  async #ping(): Promise<void> {
    this.#lastHeard = performance.now();
    try {
      await this.request({ method: 'ping', params: undefined, timeoutMs: pingLimitMs });
      this.#missedPings = 0;
    } catch (error) {
      // Any answer is a sign of life, "method not found" included.
      if (error instanceof RpcError) this.#missedPings = 0;
      else if (++this.#missedPings >= maxMissedPings) {
        void this.close(this.#error('timeout', 'did not answer two pings.'));
      }
    }
  }

  #send(message: JsonRpcMessage): void {
    if (this.#closedWith === undefined) this.transport.send(message);
  }

  #error(code: UpstreamErrorCode, text: string): UpstreamError {
    const { serverName } = this.host;
    return new UpstreamError(code, serverName, `Server "${serverName}" ${text}`);
  }
}
