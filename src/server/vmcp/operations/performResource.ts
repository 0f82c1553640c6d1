import type { JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { serverOf } from '../../upstream/modern/routedState.ts';
import type { ResourceRoute } from '../compile/compiledVmcp.ts';
import { type Operation, stringParam } from './operation.ts';
import { readOwnResource } from './own/readOwnResource.ts';
import { RelayCaller } from './relayCaller.ts';
import { SpilledResults } from './spill/spilledResults.ts';
import { UnknownItemError } from './unknownItemError.ts';

/** `resources/read`, at each server that may have the URI, best first. */
export async function readResource(operation: Operation): Promise<JsonObject> {
  const { uri } = operation.request.params;
  if (SpilledResults.owns(uri)) return readSpilled(operation, uri);
  return atFirst(operation, 'resources/read', async (route) => {
    if (route.own) return readOwnResource(operation, route.own);
    const { request, compiled, upstreams } = operation;
    const result = await upstreams.call(route.serverId, {
      method: 'resources/read',
      params: { ...request.params, uri: route.uri },
      caller: new RelayCaller(operation, route.serverId),
      signal: request.signal,
      repetition: request.repetition,
    });
    return compiled.rewriteUris(route.serverId, result);
  });
}

/** What was left out of a result of the same client. */
function readSpilled({ request, spilled, noted, compiled }: Operation, uri: string): JsonObject {
  noted.target = uri;
  const owner = { vmcpId: request.vmcpId, clientId: request.client.id };
  const result = spilled.read(owner, uri);
  if (result) return result;
  throw new UnknownItemError('resource', uri, compiled.record.name);
}

/** `resources/subscribe`: the subscription is the client's; upstream they are counted. */
export function subscribeResource(operation: Operation): Promise<JsonObject> {
  return atFirst(operation, 'resources/subscribe', async (route) => {
    if (route.own) return {}; // the session knows, and is told when the content changes
    const { request, upstreams } = operation;
    const caller = new RelayCaller(operation, route.serverId);
    await upstreams.subscribe(route.serverId, route.uri, caller, request.signal);
    return {};
  });
}

/** `resources/unsubscribe`: an unknown subscription is no error, as with servers of the SDK. */
export async function unsubscribeResource(operation: Operation): Promise<JsonObject> {
  const { request, upstreams } = operation;
  for (const route of routesOf(operation, 'resources/unsubscribe')) {
    if (!route.own) await upstreams.unsubscribe(route.serverId, route.uri, request.caller.party);
  }
  return {};
}

function routesOf(operation: Operation, method: string): readonly ResourceRoute[] {
  const { request, compiled, memories, noted } = operation;
  const uri = stringParam(request.params, 'uri', method);
  noted.target = uri;
  const mentionedBy = memories.of(request.caller.party).mentionedBy(uri);
  const routes = compiled.resolveResource(uri, mentionedBy);
  const state = request.repetition?.requestState;
  return state === undefined
    ? routes
    : routes.filter((route) => route.serverId === serverOf(state));
}

async function atFirst(
  operation: Operation,
  method: string,
  attempt: (route: ResourceRoute) => Promise<JsonObject>,
): Promise<JsonObject> {
  const routes = routesOf(operation, method);
  let refusal: unknown;
  for (const route of routes) {
    operation.noted.serverId = route.own ? null : route.serverId;
    try {
      return await attempt(route);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      refusal ??= error;
    }
  }
  if (refusal) throw refusal;
  const uri = operation.noted.target ?? '';
  throw new UnknownItemError('resource', uri, operation.compiled.record.name);
}

/** Servers say “not found” with −32002, newer ones with −32602. */
function isNotFound(error: unknown): boolean {
  return (
    error instanceof RpcError &&
    (error.code === rpcCodes.resourceNotFound || error.code === rpcCodes.invalidParams)
  );
}
