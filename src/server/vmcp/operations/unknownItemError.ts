import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';

/** A tool, prompt, resource or task that this vMCP does not have (or does not expose). */
export class UnknownItemError extends RpcError {
  constructor(kind: 'tool' | 'prompt' | 'resource' | 'task', name: string, vmcpName: string) {
    super(
      kind === 'resource' ? rpcCodes.resourceNotFound : rpcCodes.invalidParams,
      `Unknown ${kind} “${name}” in vMCP “${vmcpName}”; ${kind === 'task' ? 'it may have expired' : `list the ${kind}s to see what there is`}`,
      kind === 'resource' ? { uri: name } : { name },
    );
  }
}
