import type { JsonObject } from '../../../contract/json.ts';
import { argumentsParam, type Operation, stringParam } from './operation.ts';
import { performOwnPrompt } from './own/performOwnPrompt.ts';
import { RelayCaller } from './relayCaller.ts';
import { UnknownItemError } from './unknownItemError.ts';

/** `prompts/get` */
export async function performPrompt(operation: Operation): Promise<JsonObject> {
  const { request, compiled, upstreams, noted } = operation;
  const name = stringParam(request.params, 'name', 'prompts/get');
  noted.target = name;
  const route = compiled.resolvePrompt(name);
  if (!route) throw new UnknownItemError('prompt', name, compiled.record.name);
  noted.target = route.canonicalName;
  if (route.own) {
    return performOwnPrompt(operation, route.own, argumentsParam(request.params, 'prompts/get'));
  }
  noted.serverId = route.serverId;
  const result = await upstreams.call(route.serverId, {
    method: 'prompts/get',
    params: { ...request.params, name: route.name },
    caller: new RelayCaller(operation, route.serverId),
    signal: request.signal,
    repetition: request.repetition,
  });
  return compiled.rewriteUris(route.serverId, result);
}
