import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import type { JsonRpcNotification } from '../../../contract/jsonRpc.ts';
import type { QuestionSource } from '../../editor/editorAnswers.ts';
import type { Caller, Party } from '../../upstream/caller.ts';
import type { CompiledVmcp } from '../compile/compiledVmcp.ts';
import type { Operation } from './operation.ts';
import type { PartyMemory } from './partyMemory.ts';

/** What of an operation the way back to its client needs. */
type RelayedOperation = Pick<Operation, 'request' | 'compiled' | 'memories' | 'editor'>;

export const relatedTaskKey = 'io.modelcontextprotocol/related-task';

/** The caller as one upstream sees it: what the upstream sends is put into the client's terms. */
export class RelayCaller implements Caller {
  readonly party: Party;
  private readonly caller: Caller;
  private readonly memory: PartyMemory;

  constructor(
    private readonly operation: RelayedOperation,
    private readonly serverId: string,
  ) {
    const { request, memories } = operation;
    this.caller = request.caller;
    this.party = request.caller.party;
    this.memory = memories.of(this.party);
  }

  notify(notification: JsonRpcNotification): void {
    const { serverId, memory } = this;
    const { compiled } = this.operation;
    const mapped = clientNotification(notification, serverId, compiled, memory);
    if (mapped) this.caller.notify(mapped);
  }

  canAnswer(method: string, params: JsonObject | undefined): boolean {
    return this.caller.canAnswer(method, params);
  }

  /** Asks the client, or VS Code in its place. */
  async ask(
    method: string,
    params: JsonObject | undefined,
    signal: AbortSignal,
    onProgress?: (params: JsonObject) => void,
  ): Promise<JsonObject> {
    const { request, editor } = this.operation;
    const clientCan = this.canAnswer(method, params);
    if (editor.whoAnswers(request.vmcpId, method, params, clientCan) === 'editor') {
      return editor.ask(this.#source(), method, params, signal);
    }
    const question = params && clientQuestion(params, this.serverId, this.memory);
    return this.caller.ask(method, question, signal, onProgress);
  }

  /** What the user is told of who asks. */
  #source(): QuestionSource {
    const { request } = this.operation;
    const { vmcpId, method, params, client } = request;
    return {
      vmcpId,
      serverId: this.serverId,
      ...(method === 'tools/call' && { tool: String(params.name) }),
      client: client.name,
      owner: this.party.memoryOwner ?? this.party,
    };
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
