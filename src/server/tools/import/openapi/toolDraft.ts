import type { ApiConfig } from '../../../../contract/customItems.ts';
import type { JsonValue } from '../../../../contract/json.ts';
import { ToolVariables } from '../toolVariables.ts';

/** An HTTP tool while it is being made from an operation. */
export class ToolDraft {
  readonly variables = new ToolVariables();
  readonly headers = new Map<string, string>();
  readonly query = new Map<string, JsonValue>();
  readonly cookies = new Map<string, JsonValue>();
  /** By the names that stand in the path. */
  readonly path = new Map<string, string>();
  body: Pick<ApiConfig, 'body' | 'body_type'> | undefined;
  auth: ApiConfig['auth'] = { type: 'none' };
  readonly notes: string[] = [];

  /** Says something about one place, e.g. `query parameter "q"`. */
  note(place: string, problems: readonly string[]): void {
    for (const problem of problems) this.notes.push(`${place}: ${problem}`);
  }
}
