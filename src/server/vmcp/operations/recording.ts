import type { JsonObject } from '../../../contract/json.ts';
import type { Activity, StartedOperation } from '../../activity/activity.ts';
import type { Operation } from './operation.ts';
import type { VmcpRequest } from './operations.ts';

/** One request as the statistics see it, from its beginning to its end. */
export class Recording implements StartedOperation {
  readonly clientName: string;
  readonly vmcpId: string;
  readonly method: string;
  readonly target: string | null;
  readonly at = Date.now();
  readonly #started = performance.now();
  readonly #request: VmcpRequest;
  readonly #slot: number;

  /** @param operation its request is recorded as the client sent it */
  constructor(
    private readonly activity: Activity,
    private readonly operation: Operation,
  ) {
    const { request } = operation;
    this.#request = request;
    this.clientName = request.client.name;
    this.vmcpId = request.vmcpId;
    this.method = request.method;
    this.target = targetOf(request.params);
    this.#slot = activity.begin(this);
  }

  /** It has ended, one way or the other. */
  end(result: JsonObject | undefined, error: string | null): void {
    const { noted, compiled } = this.operation;
    const { client, params } = this.#request;
    this.activity.record(
      {
        clientId: client.id,
        clientName: this.clientName,
        vmcpId: this.vmcpId,
        method: this.method,
        target: noted.target,
        serverId: noted.serverId,
        arguments: params.arguments,
        result,
        error,
        success: error === null && result?.isError !== true,
        durationMs: performance.now() - this.#started,
        toolsExposed: compiled.tools.length,
        at: this.at,
      },
      this.#slot,
    );
  }
}

/** What a request names, as its client wrote it. */
function targetOf({ name, uri }: JsonObject): string | null {
  const named = name ?? uri;
  return typeof named === 'string' ? named : null;
}
