import { RpcError, rpcCodes } from '../../contract/jsonRpc.ts';

/**
 * An argument that does not fit; the message names it. To a prompt it is a protocol error. A call of a tool
 * ends in a result with `isError`, so that the model can correct itself (MCP 2025-11-25, server/tools,
 * “Error Handling”).
 */
export class ArgumentError extends RpcError {
  constructor(message: string) {
    super(rpcCodes.invalidParams, message);
  }
}
