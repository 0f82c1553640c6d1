import type { JsonObject } from '../../../contract/json.ts';
import type { JsonRpcRequest } from '../../../contract/jsonRpc.ts';
import type { McpAddress } from '../../http/mcpEndpoint.ts';
import type { CompiledVmcp } from '../../vmcp/compile/compiledVmcp.ts';
import type { Asked } from './modernAnswers.ts';
import type { Round } from './modernCall.ts';
import { digestOf, type StateBinding } from './requestState.ts';

/** A classified request with all that is known of it. */
export interface Incoming {
  message: JsonRpcRequest;
  params: JsonObject;
  address: McpAddress;
  compiled: CompiledVmcp;
  round: Round;
}

/** What a state that its client is to send back is good for: the same request once more. */
export function bindingOf({ message, params, address }: Incoming): StateBinding {
  const { vmcp, tokenId } = address;
  return { vmcpId: vmcp, principal: tokenId, method: message.method, digest: digestOf(params) };
}

export function askedOf({ message, params, compiled }: Incoming): Asked {
  return { method: message.method, params, compiled };
}
