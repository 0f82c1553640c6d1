import type { JsonObject } from '../../contract/json.ts';
import { pageStateSchema } from '../../contract/webview/messages.ts';
import type { PageKind } from './pageKind.ts';

/** What a page that VS Code restores was about; undefined where its state does not say. */
export function contextOf(kind: PageKind, state: unknown): JsonObject | undefined {
  const kept = pageStateSchema.safeParse(state).data;
  return kept && kind.context.safeParse(kept.context).data;
}
