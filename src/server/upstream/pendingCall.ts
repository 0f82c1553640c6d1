import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import type { JsonRpcNotification, JsonRpcRequest } from '../../contract/jsonRpc.ts';
import type { CancelSignal } from '../cancellation.ts';
import type { Caller } from './caller.ts';

export interface RequestOptions {
  method: string;
  params: JsonObject | undefined;
  /** undefined for requests of vMCP itself, which carry no progress token. */
  caller?: Caller | undefined;
  signal?: CancelSignal | undefined;
  /** Silence after which the request has failed. */
  timeoutMs: number;
  /** Set for a request that stays open for what the server has to tell: hears that. */
  onHeard?: ((notification: JsonRpcNotification) => void) | undefined;
}

/** A request that was sent and has no answer yet. */
export class PendingCall {
  /** Monotonic milliseconds of the last sign of life; the silence counts from here. */
  lastHeard = performance.now();
  /** Questions to the client that are open; meanwhile the clock stands still. */
  openQuestions = 0;
  /** Listens to the cancel signal. */
  onAbort: (() => void) | undefined;

  constructor(
    readonly id: number,
    readonly options: RequestOptions,
    readonly resolve: (result: JsonObject) => void,
    readonly reject: (error: unknown) => void,
  ) {}

  /** Whether it is no call, and nobody waits for its end. */
  get isListening(): boolean {
    return this.options.onHeard !== undefined;
  }

  get method(): string {
    return this.options.method;
  }

  /** undefined for requests of vMCP itself. */
  get caller(): Caller | undefined {
    return this.options.caller;
  }

  get timeoutMs(): number {
    return this.options.timeoutMs;
  }

  /** The client's own progress token; 0 is one. */
  get clientToken(): JsonValue | undefined {
    const meta = this.options.params?._meta;
    return isJsonObject(meta) ? meta.progressToken : undefined;
  }

  /** The task that a `tasks/*` request is about. */
  get taskId(): JsonValue | undefined {
    return this.method.startsWith('tasks/') ? this.options.params?.taskId : undefined;
  }

  /** As it is sent: calls of clients with our id as progress token, so that progress resets the clock. */
  toRequest(): JsonRpcRequest {
    const { id } = this;
    const { method, params, caller } = this.options;
    if (caller === undefined) return { jsonrpc: '2.0', id, method, ...(params && { params }) };
    const meta = params?._meta;
    const sent: JsonObject = { ...params }; // what is new to a copy is slow to add while it is made
    sent._meta = isJsonObject(meta) ? { ...meta, progressToken: id } : { progressToken: id };
    return { jsonrpc: '2.0', id, method, params: sent };
  }

  hasTimedOut(now: number): boolean {
    return this.openQuestions === 0 && now - this.lastHeard > this.timeoutMs;
  }
}
