import type { ToolChange } from '../../contract/toolChanges.ts';
import { visibleJson } from './plainSight.ts';

/** Both sides of the comparison: every changed tool by its name, what is odd in its texts first. */
export function changedToolsTexts(changes: readonly ToolChange[]): {
  before: string;
  after: string;
} {
  const keyOf = ({ server_name, tool }: ToolChange) => `${server_name}.${tool}`;
  const before = changes.map((change) => [keyOf(change), change.before] as const);
  const after = changes.map((change) => {
    const warnings = change.findings.map(
      ({ place, meaning, excerpt }) => `${place} ${meaning}: ${excerpt}`,
    );
    const shown = { ...(warnings.length > 0 && { '(look at this)': warnings }), ...change.after };
    return [keyOf(change), shown] as const;
  });
  return { before: document(before), after: document(after) };
}

function document(entries: readonly (readonly [string, unknown])[]): string {
  return `${visibleJson(Object.fromEntries(entries))}\n`;
}
