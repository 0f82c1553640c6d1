import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';

/** A `requestState` that is forged, used, expired, or of another request; which of them is not told. */
export function invalidState(): RpcError {
  return new RpcError(rpcCodes.invalidParams, 'Invalid or expired requestState', {
    reason: 'invalid_request_state',
  });
}
