import type * as z from 'zod';
import type { ServerEvent } from '../../contract/events.ts';
import type { JsonObject, JsonValue } from '../../contract/json.ts';
import type { OperationName } from '../../contract/webview/operations.ts';
import type { PageId } from '../ids.ts';

/** Something that a page can have its window do, with the input that it takes. */
export interface PageAction {
  input: z.ZodType;
  /** @returns what the page gets as answer */
  run(input: never): Promise<JsonValue | undefined>;
}

/** An action whose handler gets what its schema lets through. */
export function pageAction<I>(
  input: z.ZodType<I>,
  run: (input: I) => Promise<JsonValue | undefined>,
): PageAction {
  return { input, run };
}

/** What pages of one kind are and may do. */
export interface PageKind<C extends JsonObject = JsonObject> {
  /** Name of the bundle in dist/webview; VS Code's view type is `vmcp.<id>`. */
  readonly id: PageId;
  /** What a page of this kind is about: one page for each value. */
  readonly context: z.ZodType<C>;
  /** Stands in the tab; asked again when something changed. */
  title(context: C): string;
  /** What the window knows of it already: the page shows that until it has asked itself. */
  known?(context: C): JsonValue;
  /** All that it may ask the server for. */
  readonly operations: readonly OperationName[];
  /** All that it may have the window do. */
  readonly actions: Readonly<Record<string, PageAction>>;
  /** Which of the server's events it wants to hear of. */
  follows(event: ServerEvent, context: C): boolean;
}
