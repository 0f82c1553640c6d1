import type { VmcpProblem } from '../../../contract/vmcps.ts';
import type { NameAssignment } from '../naming/names.ts';
import type { CompileIssue } from './serverPart.ts';

/** Who wants a name that the user gave, for telling that it is taken. */
export interface NameHolder {
  origin: string;
  /** `server.name` */
  canonical: string;
  problem: Omit<VmcpProblem, 'message'>;
  /** Where the name stands in the vMCP's body. */
  path: string;
}

/** The names that the user gave and that belong to something else. */
export function conflictIssues(
  holders: readonly NameHolder[],
  names: NameAssignment,
): CompileIssue[] {
  if (names.conflicts.length === 0) return [];
  const byOrigin = new Map(holders.map((holder) => [holder.origin, holder]));
  return names.conflicts.flatMap(({ origin, wanted, holder, freeFrom }): CompileIssue[] => {
    const wanting = byOrigin.get(origin);
    if (!wanting) return [];
    const who =
      byOrigin.get(holder)?.canonical ??
      `"${holder.slice(holder.indexOf('\n') + 1)}", which is no longer listed`;
    const until =
      freeFrom === undefined ? '' : ` (clients may still know it; free from ${freeFrom})`;
    const message = `the name "${wanted}" belongs to ${who}${until}`;
    const { problem, path } = wanting;
    return [{ problem: { ...problem, message }, path, refusal: 'conflict' }];
  });
}
