import type { JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { restClientId } from '../../activity/clientId.ts';
import type { Caller } from '../../upstream/caller.ts';
import type { VmcpRequest } from '../../vmcp/operations/operations.ts';

/** Whoever calls through REST: a client without roots that can neither be notified nor asked. */
const restCaller: Caller = {
  party: { id: 'rest', capabilities: {}, roots: () => Promise.resolve([]) },
  notify: () => undefined,
  ask: (method) =>
    Promise.reject(new RpcError(rpcCodes.methodNotFound, `A REST call cannot answer ${method}`)),
};

/** A request to a vMCP as REST makes it. */
export function restRequest(
  vmcpId: string,
  method: string,
  params: JsonObject,
  signal: AbortSignal,
): VmcpRequest {
  return {
    vmcpId,
    method,
    params,
    caller: restCaller,
    signal,
    client: { id: restClientId, name: 'REST' },
  };
}
