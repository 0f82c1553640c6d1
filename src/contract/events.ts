import * as z from 'zod';
import { serverNeedSchema, serverStatusSchema } from './servers.ts';
import { logSummarySchema } from './stats.ts';

/** Which lists of a vMCP changed. */
export const listKindSchema = z.enum(['tools', 'resources', 'prompts']);
export type ListKind = z.infer<typeof listKindSchema>;

/**
 * What the server tells the windows over `/ws`, and its own parts over the bus.
 * Events name what changed; whoever needs the new state asks for it.
 */
export const serverEventSchema = z.discriminatedUnion('type', [
  /** A server was created, or its configuration changed. */
  z.object({ type: z.literal('server.changed'), server_id: z.string() }),
  z.object({ type: z.literal('server.removed'), server_id: z.string() }),
  z.object({
    type: z.literal('server.status'),
    server_id: z.string(),
    status: serverStatusSchema,
    last_error: z.string().nullable(),
    needs: serverNeedSchema.optional(),
  }),
  /** The cached catalog of a server changed. */
  z.object({ type: z.literal('server.catalog'), server_id: z.string() }),
  /** Lines a stdio server wrote to stderr. */
  z.object({ type: z.literal('server.output'), server_id: z.string(), lines: z.array(z.string()) }),
  z.object({ type: z.literal('vmcp.changed'), vmcp_id: z.string() }),
  z.object({ type: z.literal('vmcp.removed'), vmcp_id: z.string() }),
  /** What a vMCP lists changed. */
  z.object({ type: z.literal('vmcp.lists'), vmcp_id: z.string(), kinds: z.array(listKindSchema) }),
  /** Tools of its servers changed, or changes were accepted; `tools` are new among those that differ. */
  z.object({
    type: z.literal('vmcp.tool_changes'),
    vmcp_id: z.string(),
    tools: z.array(z.string()),
  }),
  /** The content of a resource of a vMCP's own changed. */
  z.object({ type: z.literal('vmcp.resource'), vmcp_id: z.string(), uri: z.string() }),
  /** Operations were recorded; `count` since the last such event. */
  z.object({ type: z.literal('activity.recorded'), count: z.number().int() }),
  /** What was done, oldest first, and all that goes on for a while; several times a second at most. */
  z.object({
    type: z.literal('activity.calls'),
    finished: z.array(logSummarySchema),
    /** How many more were done: too many to tell. */
    skipped: z.number().int(),
    running: z.array(
      logSummarySchema.pick({
        client_name: true,
        vmcp_id: true,
        method: true,
        target: true,
        timestamp: true,
      }),
    ),
  }),
  /** To one window: it is asked something in place of a client. */
  z.object({ type: z.literal('question'), question_id: z.string() }),
  /** To the same: nobody waits for the answer any more. */
  z.object({ type: z.literal('question.withdrawn'), question_id: z.string() }),
  /** A secret that servers refer to by its name was set or deleted. */
  z.object({ type: z.literal('secrets.changed') }),
  /** A client token opens nothing any more. */
  z.object({ type: z.literal('client_token.withdrawn'), token_id: z.string() }),
  /** Something the user should know: a damaged file, a missing key. */
  z.object({ type: z.literal('problem'), code: z.string(), message: z.string() }),
  /** The server is about to end; `successor` when a newer version takes over. */
  z.object({ type: z.literal('stopping'), successor: z.boolean() }),
]);
export type ServerEvent = z.infer<typeof serverEventSchema>;
