import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import type { JsonRpcNotification } from '../../../contract/jsonRpc.ts';
import type { Caller, Party } from '../../upstream/caller.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import type { PartyMemory } from './partyMemory.ts';

export const relatedTaskKey = 'io.modelcontextprotocol/related-task';

/** The caller as one upstream sees it: what the upstream sends is put into the client's terms. */
export class RelayCaller implements Caller {
  readonly party: Party;

  constructor(
    private readonly caller: Caller,
    private readonly serverId: string,
    private readonly compiled: CompiledVmcp,
    private readonly memory: PartyMemory,
  ) {
    this.party = caller.party;
  }

  notify(notification: JsonRpcNotification): void {
    const { serverId, compiled, memory } = this;
    const mapped = clientNotification(notification, serverId, compiled, memory);
    if (mapped) this.caller.notify(mapped);
  }

  ask(
    method: string,
    params: JsonObject | undefined,
    signal: AbortSignal,
    onProgress?: (params: JsonObject) => void,
  ): Promise<JsonObject> {
    const question = params && clientQuestion(params, this.serverId, this.memory);
    return this.caller.ask(method, question, signal, onProgress);
  }
}

/**
 * An upstream's notification in the client's terms; undefined for what is not passed on
 * (vMCP tells of changed lists itself).
 */
export function clientNotification(
  notification: JsonRpcNotification,
  serverId: string,
  compiled: CompiledVmcp,
  memory: PartyMemory,
): JsonRpcNotification | undefined {
  const { method, params } = notification;
  if (method.endsWith('/list_changed')) return undefined;
  if (!params) return notification;
  if (method === 'notifications/resources/updated') {
    return { ...notification, params: compiled.rewriteUris(serverId, params) };
  }
  if (method === 'notifications/tasks/status') {
    return { ...notification, params: withTaskId(params, serverId, memory) };
  }
  if (method === 'notifications/elicitation/complete') {
    return { ...notification, params: withElicitationId(params, serverId, memory) };
  }
  const related = withRelatedTask(params, serverId, memory);
  return related === params ? notification : { ...notification, params: related };
}

function clientQuestion(params: JsonObject, serverId: string, memory: PartyMemory): JsonObject {
  return withRelatedTask(withElicitationId(params, serverId, memory), serverId, memory);
}

/** `taskId` of a task object or status, as the client knows it. */
export function withTaskId(value: JsonObject, serverId: string, memory: PartyMemory): JsonObject {
  if (typeof value.taskId !== 'string') return value;
  return { ...value, taskId: memory.tasks.toClient(serverId, value.taskId) };
}

export function withElicitationId(
  value: JsonObject,
  serverId: string,
  memory: PartyMemory,
): JsonObject {
  if (typeof value.elicitationId !== 'string') return value;
  return { ...value, elicitationId: memory.elicitations.toClient(serverId, value.elicitationId) };
}

/** `_meta` that ties a message to a task (MCP 2025-11-25, basic/utilities/tasks). */
export function withRelatedTask(
  value: JsonObject,
  serverId: string,
  memory: PartyMemory,
): JsonObject {
  if (!isJsonObject(value._meta)) return value;
  const related = value._meta[relatedTaskKey];
  if (!isJsonObject(related)) return value;
  return {
    ...value,
    _meta: { ...value._meta, [relatedTaskKey]: withTaskId(related, serverId, memory) },
  };
}
