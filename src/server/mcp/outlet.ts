import type { JsonRpcNotification, JsonRpcRequest } from '../../contract/jsonRpc.ts';

/** Where messages that belong to a client's open request can be put. */
export interface Outlet {
  /** @returns false where it has no stream, or none any more */
  send(message: JsonRpcRequest | JsonRpcNotification): boolean;
  /** Takes the response as JSON text; undefined for a request that gets none (cancelled). */
  answer(text: string | undefined): void;
}

/** The outlet of a POST that is not answered yet. */
export interface OpenExchange extends Outlet {
  /** Whether questions can be put here. */
  readonly canStream: boolean;
  /** Called about twice a second: one timer for all costs less than one for each. */
  tick(now: number): void;
}
