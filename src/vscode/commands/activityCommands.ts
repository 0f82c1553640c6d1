import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { RecentCalls } from '../recentCalls.ts';
import { callEntry } from '../views/callEntry.ts';
import { withoutIcons } from './adding/withoutIcons.ts';
import type { CommandContext } from './commandContext.ts';

/** Commands on the view *Activity* and on single calls. */
export function activityCommands({ calls, callDocuments }: CommandContext) {
  return {
    /** On an item of the view, or with the id of a logged operation. */
    [commandIds.openCall]: async (target?: unknown) => {
      const logId = logIdOf(target) ?? (await pickCall(calls));
      if (logId !== undefined) await callDocuments.show(logId);
    },
    [commandIds.pauseActivity]: async () => calls.pause(true),
    [commandIds.resumeActivity]: async () => calls.pause(false),
    [commandIds.clearActivity]: async () => calls.clear(),
    [commandIds.showFailedCalls]: async () => calls.showFailedOnly(true),
    [commandIds.showAllCalls]: async () => calls.showFailedOnly(false),
  };
}

async function pickCall(calls: RecentCalls): Promise<string | undefined> {
  const { t } = vscode.l10n;
  await calls.ready();
  if (calls.calls.length === 0) throw new Error(t('Nothing was called yet.'));
  const items = calls.calls.map((call) => {
    const { label, description = '' } = callEntry(call, undefined, t);
    const icon = call.success ? 'pass' : 'error';
    return { label: `$(${icon}) ${withoutIcons(label)}`, description, call };
  });
  const placeHolder = t('Choose a call, the newest first');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.call.log_id;
}

function logIdOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  const isCall = typeof target === 'object' && target !== null && 'logId' in target;
  return isCall && typeof target.logId === 'string' ? target.logId : undefined;
}
