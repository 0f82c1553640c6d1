import type { JsonObject } from '../../contract/json.ts';
import type { JsonRpcNotification } from '../../contract/jsonRpc.ts';
import type { Caller } from '../upstream/caller.ts';
import type { ClientSession } from './clientSession.ts';
import type { Outlet } from './outlet.ts';

/** The way back to a client for one of its requests. */
export class SessionCaller implements Caller {
  constructor(
    readonly party: ClientSession,
    private readonly outlet: Outlet,
  ) {}

  notify(notification: JsonRpcNotification): void {
    this.party.notifyRequest(this.outlet, notification);
  }

  canAnswer(method: string, params: JsonObject | undefined): boolean {
    return this.party.canAnswer(method, params);
  }

  ask(
    method: string,
    params: JsonObject | undefined,
    signal: AbortSignal,
    onProgress?: (params: JsonObject) => void,
  ): Promise<JsonObject> {
    return this.party.ask({ method, params, signal, outlet: this.outlet, onProgress });
  }
}
