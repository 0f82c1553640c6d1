import { isJsonObject, type JsonObject } from '../../../contract/json.ts';
import { type Operation, stringParam } from './operation.ts';
import { RelayCaller, withRelatedTask, withTaskId } from './relayCaller.ts';
import { UnknownItemError } from './unknownItemError.ts';

/** `tasks/get`, `tasks/result`, `tasks/cancel` (MCP 2025-11-25): a task belongs to the client that began it. */
export async function performTask(operation: Operation): Promise<JsonObject> {
  const { request, compiled, upstreams, memories, noted } = operation;
  const taskId = stringParam(request.params, 'taskId', request.method);
  noted.target = taskId;
  const memory = memories.of(request.caller.party);
  const origin = memory.tasks.origin(taskId);
  if (!origin) throw new UnknownItemError('task', taskId, compiled.record.name);
  noted.serverId = origin.serverId;
  const result = await upstreams.call(origin.serverId, {
    method: request.method,
    params: { ...request.params, taskId: origin.id },
    caller: new RelayCaller(operation, origin.serverId),
    signal: request.signal,
  });
  memory.noteMentions(origin.serverId, result);
  const mapped = withRelatedTask(
    withTaskId(result, origin.serverId, memory),
    origin.serverId,
    memory,
  );
  return compiled.rewriteUris(origin.serverId, mapped);
}

/** `tasks/list`: the client's own tasks at every server that runs one for it. */
export async function listTasks(operation: Operation): Promise<JsonObject> {
  const { request, upstreams, memories } = operation;
  const memory = memories.of(request.caller.party);
  const lists = await Promise.all(
    memory.tasks.servers().map(async (serverId) => {
      const caller = new RelayCaller(operation, serverId);
      const call = { method: 'tasks/list', params: undefined, caller, signal: request.signal };
      const { tasks } = await upstreams.call(serverId, call);
      return (Array.isArray(tasks) ? tasks : [])
        .filter(isJsonObject)
        .filter(({ taskId }) => typeof taskId === 'string' && memory.tasks.known(serverId, taskId))
        .map((task) => withTaskId(task, serverId, memory));
    }),
  );
  return { tasks: lists.flat() };
}
