import type { JsonValue } from '../../../contract/json.ts';
import { type RequestId, RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { modernCodes, modernVersions } from '../../protocol/modernProtocol.ts';

/** A request that is refused before anything was done for it, with an HTTP status of its own. */
export class ModernRefusal extends Error {
  readonly rpcError: RpcError;

  /** @param id of the request; null where it has none */
  constructor(
    readonly status: number,
    readonly id: RequestId | null,
    code: number,
    message: string,
    data?: JsonValue,
  ) {
    super(message);
    this.rpcError = new RpcError(code, message, data);
  }
}

/** Headers and body contradict each other. */
export function headerMismatch(id: RequestId | null, message: string): ModernRefusal {
  return new ModernRefusal(400, id, modernCodes.headerMismatch, message);
}

/** The envelope in `params._meta` is not as it must be. */
export function badEnvelope(id: RequestId | null, message: string, data?: JsonValue) {
  return new ModernRefusal(400, id, rpcCodes.invalidParams, message, data);
}

/** The version is none that is spoken in this era. */
export function unsupportedVersion(id: RequestId | null, requested: string): ModernRefusal {
  return new ModernRefusal(
    400,
    id,
    modernCodes.unsupportedVersion,
    `Protocol version ${requested} is not supported`,
    { supported: [...modernVersions], requested },
  );
}
