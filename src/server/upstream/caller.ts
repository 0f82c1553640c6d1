import type { JsonObject } from '../../contract/json.ts';
import type { JsonRpcNotification } from '../../contract/jsonRpc.ts';

/** A root as the client gave it (`uri`, `name`, and whatever else it said). */
export type Root = JsonObject & { uri: string };

/**
 * Who stands behind calls: a client's session, a single request without one, or vMCP itself.
 * Implemented by the edges; nothing here knows of HTTP, sessions or eras.
 */
export interface Party {
  /** Calls of one party never wait for each other's turn. */
  readonly id: string;
  /** What upstreams can count on: what the client declared, and what VS Code answers in its place. */
  readonly capabilities: JsonObject;
  /** What the client said of itself; undefined for vMCP's own calls. */
  readonly clientInfo?: JsonObject | undefined;
  /** How verbose the client wants log messages; without it, it wants none. */
  readonly logLevel?: string | null | undefined;
  /** Only of parties that make a single call, and can be asked something during it. */
  readonly oneCall?: OneCall | undefined;
  /** Parties with the same one share what is remembered between requests; default: the party itself. */
  readonly memoryOwner?: object;
  /** The client's roots, asked once and kept until it says they changed; [] where it has none. */
  roots(signal: AbortSignal): Promise<readonly Root[]>;
}

/** A call whose client answers questions with its next request, and may never send that. */
export interface OneCall {
  /** Monotonic milliseconds since when it waits for its client; undefined while it does not. */
  readonly waitingSince: number | undefined;
  /** Nobody waits for it any more; what it began at its server may still go on. */
  readonly isGivenUp: boolean;
  giveUp(reason: string): void;
}

/** One call's way back to its client. */
export interface Caller {
  readonly party: Party;
  /** Passes on a notification that belongs to this call, with the client's own progress token in it. */
  notify(notification: JsonRpcNotification): void;
  /** Whether the client itself can be asked this. */
  canAnswer(method: string, params: JsonObject | undefined): boolean;
  /**
   * Passes a question of the upstream (sampling, elicitation, roots …) to the client.
   * @param onProgress hears the `params` of the client's progress notifications, with the progress
   *   token that the upstream had put into the question
   * @returns the client's result
   * @throws RpcError what the client answered, or −32601 where it lacks the capability
   */
  ask(
    method: string,
    params: JsonObject | undefined,
    signal: AbortSignal,
    onProgress?: (params: JsonObject) => void,
  ): Promise<JsonObject>;
}
