import { commandIds } from '../ids.ts';
import type { CommandContext } from './commandContext.ts';

/** Commands on the view *Activity* and on single calls. */
export function activityCommands({ calls, callDocuments }: CommandContext) {
  return {
    /** On an item of the view, or with the id of a logged operation. */
    [commandIds.openCall]: async (target?: unknown) => {
      const logId = logIdOf(target) ?? calls.calls[0]?.log_id;
      if (logId !== undefined) await callDocuments.show(logId);
    },
    [commandIds.pauseActivity]: async () => calls.pause(true),
    [commandIds.resumeActivity]: async () => calls.pause(false),
    [commandIds.clearActivity]: async () => calls.clear(),
    [commandIds.showFailedCalls]: async () => calls.showFailedOnly(true),
    [commandIds.showAllCalls]: async () => calls.showFailedOnly(false),
  };
}

function logIdOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  const isCall = typeof target === 'object' && target !== null && 'logId' in target;
  return isCall && typeof target.logId === 'string' ? target.logId : undefined;
}
