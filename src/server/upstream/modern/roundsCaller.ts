import type { JsonObject } from '../../../contract/json.ts';
import type { JsonRpcNotification } from '../../../contract/jsonRpc.ts';
import type { Caller, Party } from '../caller.ts';

/** The caller of a call that is repeated: each round counts its progress anew, the client sees it grow. */
export class RoundsCaller implements Caller {
  readonly party: Party;
  #progress = Number.NEGATIVE_INFINITY;
  #isRepeated = false;

  constructor(private readonly caller: Caller) {
    this.party = caller.party;
  }

  /** The call is sent once more. */
  newRound(): void {
    this.#isRepeated = true;
  }

  notify(notification: JsonRpcNotification): void {
    if (notification.method === 'notifications/progress') {
      const progress = notification.params?.progress;
      if (typeof progress === 'number') {
        if (this.#isRepeated && progress <= this.#progress) return;
        this.#progress = Math.max(this.#progress, progress);
      }
    }
    this.caller.notify(notification);
  }

  canAnswer(method: string, params: JsonObject | undefined): boolean {
    return this.caller.canAnswer(method, params);
  }

  ask(
    method: string,
    params: JsonObject | undefined,
    signal: AbortSignal,
    onProgress?: (params: JsonObject) => void,
  ): Promise<JsonObject> {
    return this.caller.ask(method, params, signal, onProgress);
  }
}
