import * as z from 'zod';
import { jsonObjectSchema, jsonValueSchema } from '../common.ts';
import type { ServerEvent } from '../events.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** One segment of a path; `.` and `..` would lead elsewhere. */
const segmentSchema = z
  .string()
  .min(1)
  .max(2000)
  .regex(/^(?!\.{1,2}$)/, 'must not be . or ..');

/** What goes with a request for a REST operation. */
export const restInputSchema = z.strictObject({
  params: z.record(z.string(), segmentSchema).optional(),
  query: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).optional()).optional(),
  body: jsonValueSchema.optional(),
});
export type RestInput = z.infer<typeof restInputSchema>;

/** What a page says to its window; checked there, because a page shows what others wrote. */
export const pageMessageSchema = z.discriminatedUnion('type', [
  /** The page listens; the window tells the state of the link. */
  z.strictObject({ type: z.literal('ready') }),
  /** Asks for a REST operation, or for something that only the window can do. */
  z.strictObject({
    type: z.literal('request'),
    id: z.number().int(),
    to: z.enum(['rest', 'window']),
    name: z.string(),
    input: jsonObjectSchema,
  }),
  /** Ends a request whose answer is not wanted any more. */
  z.strictObject({ type: z.literal('cancel'), id: z.number().int() }),
  /** What is typed and not saved, without secrets; null: nothing is. */
  z.strictObject({ type: z.literal('draft'), draft: jsonValueSchema }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

/** Why a request failed. */
export interface Failure {
  /** The HTTP status; 0: the server was not reached, or the window itself refused. */
  status: number;
  /** What is wrong, in a few words. */
  error: string;
  /** Where: a field's path, an id, the cause. */
  detail: string;
}

/** Whether the window is connected to the server; `message` says why it is not. */
export interface LinkStatus {
  status: 'starting' | 'connected' | 'failed' | 'closed';
  message: string;
}

/** What a window says to its pages. */
export type WindowMessage =
  | { type: 'answer'; id: number; body: JsonValue | undefined }
  | { type: 'failure'; id: number; failure: Failure }
  | { type: 'event'; event: ServerEvent }
  | ({ type: 'link' } & LinkStatus);

/** What stands in a page from its first moment, so that it need not ask. */
export interface PageStart {
  /** Which object the page is about. */
  context: JsonObject;
  /** What was typed and not saved when the page was closed; null: nothing. */
  draft: JsonValue;
  /** What the window knows of it already, so that something is shown at once; null: nothing. */
  known: JsonValue;
  /** Translations of the page's texts, by the English ones. */
  texts: Record<string, string | { message: string; comment: string[] }>;
}

/** What VS Code keeps of a page over reloads; the window reads it to restore the page. */
export const pageStateSchema = z.looseObject({ context: jsonObjectSchema });
