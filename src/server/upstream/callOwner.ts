import { isJsonObject, type JsonObject } from '../../contract/json.ts';
import type { Caller } from './caller.ts';
import type { PendingCall } from './pendingCall.ts';
import type { PendingCalls } from './pendingCalls.ts';
import type { TaskOwners } from './taskOwners.ts';
import type { MessageOrigin } from './transport.ts';

/** To whom a message of a server belongs, as far as that can be known. */
export type CallOwner =
  | { kind: 'party'; caller: Caller; calls: PendingCall[] }
  /** No client's call is open. */
  | { kind: 'none' }
  /** Calls of several clients are open, and nothing tells which one is meant. */
  | { kind: 'unclear' };

const relatedTask = 'io.modelcontextprotocol/related-task';

/**
 * Whose message is it? By the stream it came on where the transport tells; else by the task it names,
 * else of the only party with calls in flight. Never a guess.
 */
export function ownerOf(
  params: JsonObject | undefined,
  origin: MessageOrigin,
  pending: PendingCalls,
  tasks: TaskOwners,
): CallOwner {
  const task = ownerByTask(params, pending, tasks);
  if (task !== undefined) return task;
  if (typeof origin === 'number') {
    const call = pending.get(origin);
    return call?.caller === undefined
      ? { kind: 'none' }
      : { kind: 'party', caller: call.caller, calls: [call] };
  }
  return origin === 'standalone' ? { kind: 'none' } : onlyParty(pending);
}

function onlyParty(pending: PendingCalls): CallOwner {
  let caller: Caller | undefined;
  const calls: PendingCall[] = [];
  for (const call of pending.values()) {
    if (call.caller === undefined) continue;
    // By identity: requests without a session share one id, and are strangers to each other.
    if (caller !== undefined && caller.party !== call.caller.party) return { kind: 'unclear' };
    caller ??= call.caller;
    calls.push(call);
  }
  return caller === undefined ? { kind: 'none' } : { kind: 'party', caller, calls };
}

/** A question about a task comes while its owner waits in `tasks/result` (MCP 2025-11-25, tasks). */
function ownerByTask(
  params: JsonObject | undefined,
  pending: PendingCalls,
  tasks: TaskOwners,
): CallOwner | undefined {
  const meta = params?._meta;
  const related = isJsonObject(meta) ? meta[relatedTask] : undefined;
  const taskId = isJsonObject(related) ? related.taskId : undefined;
  if (typeof taskId !== 'string') return undefined;
  for (const call of pending.values()) {
    if (call.caller !== undefined && call.taskId === taskId) {
      return { kind: 'party', caller: call.caller, calls: [call] };
    }
  }
  const owner = tasks.ofTask(taskId);
  return owner && { kind: 'party', caller: owner.caller, calls: [] };
}
