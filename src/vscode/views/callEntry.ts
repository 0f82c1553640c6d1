import type { LogSummary } from '../../contract/stats.ts';
import { contextValues } from '../ids.ts';
import type { RunningCall } from '../recentCalls.ts';
import type { Translate } from '../translate.ts';
import { escapeMarkdown, firstLine, joined, type TreeEntry } from './treeEntry.ts';

/** A finished call in the view *Activity*. @param vmcpName undefined where the vMCP is gone */
export function callEntry(call: LogSummary, vmcpName: string | undefined, t: Translate): TreeEntry {
  const failed = call.success ? undefined : t('failed');
  const description = joined(
    failed,
    clockTime(call.timestamp),
    durationText(call.duration_ms, t),
    call.client_name,
    vmcpName,
  );
  const lines = [
    `**${escapeMarkdown(call.target ?? call.method)}**`,
    escapeMarkdown(joined(call.method, vmcpName, call.client_name)),
    escapeMarkdown(joined(call.timestamp, durationText(call.duration_ms, t))),
    ...(call.error === null ? [] : [`$(error) ${escapeMarkdown(call.error)}`]),
  ];
  return {
    label: call.target ?? call.method,
    description,
    tooltip: lines.join('\n\n'),
    icon: call.success ? methodIcon(call.method) : 'error',
    ...(!call.success && { iconColor: 'list.errorForeground' }),
    ...(call.error !== null && { alsoSaid: firstLine(call.error) }),
    contextValue: contextValues.call,
    collapsible: 'none',
  };
}

/** A call that goes on. */
export function runningCallEntry(
  call: RunningCall,
  vmcpName: string | undefined,
  t: Translate,
): TreeEntry {
  return {
    label: call.target ?? call.method,
    description: joined(
      t('running'),
      t('since {0}', clockTime(call.timestamp)),
      call.client_name,
      vmcpName,
    ),
    icon: 'loading~spin',
    contextValue: contextValues.runningCall,
    collapsible: 'none',
  };
}

function methodIcon(method: string): string {
  if (method === 'tools/call') return 'tools';
  if (method.startsWith('prompts/')) return 'comment';
  if (method.startsWith('resources/')) return 'file';
  return 'list-unordered';
}

function clockTime(timestamp: string): string {
  return new Date(timestamp).toLocaleTimeString(undefined, { hour12: false });
}

function durationText(ms: number, t: Translate): string {
  if (ms < 10) return t('{0} ms', Math.round(ms * 10) / 10);
  if (ms < 1000) return t('{0} ms', Math.round(ms));
  return t('{0} s', (ms / 1000).toFixed(1));
}
