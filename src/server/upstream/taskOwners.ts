import { isJsonObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import type { Caller } from './caller.ts';
import type { PendingCall } from './pendingCall.ts';

export interface TaskOwner {
  caller: Caller;
  /** Our progress token, which stays valid as long as the task (MCP 2025-11-25, basic/utilities/tasks). */
  token: number;
  clientToken: JsonValue | undefined;
}

const maxTasks = 1000;

/** Who started which task of a server, oldest forgotten first. */
export class TaskOwners {
  readonly #byTask = new Map<string, TaskOwner>();
  readonly #byToken = new Map<number, TaskOwner>();

  /** Takes note of a result that is a task instead of an answer. */
  note(call: PendingCall, result: JsonObject): void {
    if (!isJsonObject(result.task) || call.caller === undefined) return;
    const { taskId } = result.task;
    if (typeof taskId !== 'string') return;
    const owner = { caller: call.caller, token: call.id, clientToken: call.clientToken };
    this.#byTask.set(taskId, owner);
    this.#byToken.set(owner.token, owner);
    if (this.#byTask.size <= maxTasks) return;
    for (const [oldest, { token }] of this.#byTask) {
      this.#byTask.delete(oldest);
      this.#byToken.delete(token);
      break;
    }
  }

  ofTask(taskId: string): TaskOwner | undefined {
    return this.#byTask.get(taskId);
  }

  ofToken(token: JsonValue | undefined): TaskOwner | undefined {
    return typeof token === 'number' ? this.#byToken.get(token) : undefined;
  }

  /** The party has gone. */
  release(partyId: string): void {
    for (const [taskId, owner] of this.#byTask) {
      if (owner.caller.party.id !== partyId) continue;
      this.#byTask.delete(taskId);
      this.#byToken.delete(owner.token);
    }
  }
}
