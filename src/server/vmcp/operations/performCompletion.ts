import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { ownItems } from '../../../contract/vmcps.ts';
import type { OwnPrompt } from '../compile/compiledVmcp.ts';
import type { Operation } from './operation.ts';
import { completeOwnPrompt } from './own/performOwnPrompt.ts';
import { RelayCaller } from './relayCaller.ts';
import { UnknownItemError } from './unknownItemError.ts';

/** `completion/complete` for prompt arguments and template variables. */
export async function performCompletion(operation: Operation): Promise<JsonObject> {
  const { request, upstreams, noted } = operation;
  const { serverId, ref, own } = origin(operation);
  if (serverId === ownItems) {
    return own ? completeOwnPrompt(own, request.params.argument) : { completion: { values: [] } };
  }
  noted.serverId = serverId;
  if (!isJsonObject(upstreams.catalog(serverId)?.capabilities.completions)) {
    return { completion: { values: [] } };
  }
  return upstreams.call(serverId, {
    method: 'completion/complete',
    params: { ...request.params, ref },
    caller: new RelayCaller(operation, serverId),
    signal: request.signal,
  });
}

interface Origin {
  serverId: string;
  ref: JsonObject;
  own?: OwnPrompt | undefined;
}

function origin({ request, compiled, noted }: Operation): Origin {
  const { ref } = request.params;
  if (isJsonObject(ref) && ref.type === 'ref/prompt' && typeof ref.name === 'string') {
    noted.target = ref.name;
    const route = compiled.resolvePrompt(ref.name);
    if (!route) throw new UnknownItemError('prompt', ref.name, compiled.record.name);
    return { serverId: route.serverId, ref: { ...ref, name: route.name }, own: route.own };
  }
  if (isJsonObject(ref) && ref.type === 'ref/resource' && typeof ref.uri === 'string') {
    noted.target = ref.uri;
    const route =
      compiled.resolveTemplate(ref.uri) ?? compiled.resolveResource(ref.uri, undefined)[0];
    if (!route) throw new UnknownItemError('resource', ref.uri, compiled.record.name);
    return { serverId: route.serverId, ref: { ...ref, uri: route.uri } };
  }
  throw new RpcError(
    rpcCodes.invalidParams,
    'completion/complete needs a “ref” of type ref/prompt (name) or ref/resource (uri)',
  );
}
