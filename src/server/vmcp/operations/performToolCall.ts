import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { RpcError, rpcCodes } from '../../../contract/jsonRpc.ts';
import { TemplateError } from '../../template/templateError.ts';
import { ArgumentError } from '../../tools/argumentError.ts';
import { errorResult } from '../../tools/errorResult.ts';
import { UpstreamError } from '../../upstream/upstreamError.ts';
import type { HeldTool } from '../compile/compiledVmcp.ts';
import { openAddresses } from './openAddresses.ts';
import { argumentsParam, type Operation, stringParam } from './operation.ts';
import { performOwnTool } from './own/performOwnTool.ts';
import { renderAuthored } from './own/renderAuthored.ts';
import type { PartyMemory } from './partyMemory.ts';
import { RelayCaller, withElicitationId, withRelatedTask, withTaskId } from './relayCaller.ts';
import { UnknownItemError } from './unknownItemError.ts';

/** What the model can read and often mend: results with `isError` (MCP server/tools, “Error Handling”). */
const readableErrors = [UpstreamError, TemplateError, ArgumentError];

/**
 * `tools/call`: the tool's origin answers. Where the upstream gives no answer, or an argument may not be
 * sent, the result is an `isError` one.
 */
export async function performToolCall(operation: Operation): Promise<JsonObject> {
  const { request, compiled, upstreams, memories, noted } = operation;
  const { params, caller, signal, repetition } = request;
  const name = stringParam(params, 'name', 'tools/call');
  noted.target = name;
  const route = compiled.resolveTool(name);
  const held = route ? undefined : compiled.heldTool(name);
  if (held) return errorResult(heldText(held));
  if (!route) throw new UnknownItemError('tool', name, compiled.record.name);
  noted.target = route.canonicalName;
  const sent = argumentsParam(params, 'tools/call');
  if (route.own) return (await performOwnTool(operation, route.own, sent)).result;
  noted.serverId = route.serverId;
  const memory = memories.of(caller.party);
  const relay = new RelayCaller(operation, route.serverId);
  try {
    const rendered = route.authored && (await renderAuthored(operation, route.authored, sent));
    const result = await upstreams.call(route.serverId, {
      method: 'tools/call',
      params: {
        ...params,
        name: route.name,
        arguments: route.applyArguments(sent, rendered),
      },
      caller: relay,
      signal,
      repetition,
    });
    return clientResult(compiled.rewriteUris(route.serverId, result), route.serverId, memory);
  } catch (error) {
    if (error instanceof Error && readableErrors.some((kind) => error instanceof kind)) {
      return errorResult(error.message);
    }
    const opened = await openAddresses(operation, relay, error);
    if (opened) return opened;
    throw clientError(error, route.serverId, memory);
  }
}

function heldText({ server, tool }: HeldTool): string {
  return `Tool “${tool}” of server “${server}” is new or has changed, and is held back until its user accepts it. In VS Code: “Review changed tools” on the vMCP.`;
}

function clientResult(result: JsonObject, serverId: string, memory: PartyMemory): JsonObject {
  memory.noteMentions(serverId, result);
  const related = withRelatedTask(result, serverId, memory);
  // a call that became a task (MCP 2025-11-25, basic/utilities/tasks)
  return isJsonObject(related.task)
    ? { ...related, task: withTaskId(related.task, serverId, memory) }
    : related;
}

/** −32042 carries elicitation ids, which are mapped as in `elicitation/create`. */
function clientError(error: unknown, serverId: string, memory: PartyMemory): unknown {
  if (!(error instanceof RpcError) || error.code !== rpcCodes.urlElicitationRequired) return error;
  if (!isJsonObject(error.data) || !Array.isArray(error.data.elicitations)) return error;
  const elicitations = error.data.elicitations.map((item) =>
    isJsonObject(item) ? withElicitationId(item, serverId, memory) : item,
  );
  return new RpcError(error.code, error.message, { ...error.data, elicitations });
}
