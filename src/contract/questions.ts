import * as z from 'zod';

/** Limits of what is shown of a server's question; longer texts end with `…`. */
export const questionLimits = { message: 4000, label: 200, description: 1000, address: 2000 };

const named = {
  /** As the answer names it. */
  name: z.string(),
  title: z.string(),
  description: z.string(),
  required: z.boolean(),
};

/** One value that a form asks for (MCP client/elicitation, “Requested Schema”). */
export const questionFieldSchema = z.discriminatedUnion('type', [
  z.object({
    ...named,
    type: z.literal('text'),
    format: z.enum(['email', 'uri', 'date', 'date-time']).optional(),
    min_length: z.number().optional(),
    max_length: z.number().optional(),
    /** Shown only: the server checks it. */
    pattern: z.string().optional(),
    default: z.string().optional(),
  }),
  z.object({
    ...named,
    type: z.literal('number'),
    integer: z.boolean(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    default: z.number().optional(),
  }),
  z.object({ ...named, type: z.literal('boolean'), default: z.boolean().optional() }),
  z.object({
    ...named,
    type: z.literal('choice'),
    options: z.array(z.object({ value: z.string(), title: z.string() })),
    /** Whether the answer is a list of them. */
    many: z.boolean(),
    min_items: z.number().optional(),
    max_items: z.number().optional(),
    default: z.array(z.string()).optional(),
  }),
]);
export type QuestionField = z.infer<typeof questionFieldSchema>;

/** What a server asks for, in a form that is safe to show: plain texts of limited length. */
export const askedSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('form'),
    message: z.string(),
    fields: z.array(questionFieldSchema),
  }),
  z.object({ kind: z.literal('url'), message: z.string(), url: z.string() }),
  z.object({
    kind: z.literal('sampling'),
    /** The user has agreed to all that the vMCP's servers ask of models. */
    consented: z.boolean(),
    system: z.string().optional(),
    messages: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })),
    max_tokens: z.number(),
    /** Names of models, or parts of them, that the server prefers; best first. */
    hints: z.array(z.string()),
  }),
  z.object({ kind: z.literal('roots'), folders: z.array(z.string()) }),
]);
export type Asked = z.infer<typeof askedSchema>;

/** GET /api/admin/questions/{id}: what one window is asked in place of a client. */
export const editorQuestionSchema = z.object({
  question_id: z.string(),
  vmcp_id: z.string(),
  /** Names of the vMCP, of the server that asks, of the tool that was called and of the client that called. */
  vmcp: z.string(),
  server: z.string().optional(),
  tool: z.string().optional(),
  client: z.string(),
  asked: askedSchema,
});
export type EditorQuestion = z.infer<typeof editorQuestionSchema>;

/** POST /api/admin/questions/{id}/answer */
export const editorAnswerSchema = z.strictObject({
  /**
   * What the user did; `sampled`: a model answered; `refuse`: the window cannot answer, as `reason` says.
   */
  action: z.enum(['accept', 'decline', 'cancel', 'sampled', 'refuse']),
  /** Of an accepted form. */
  content: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .optional(),
  /** Of `sampled`. */
  sampled: z
    .object({
      text: z.string().max(2_000_000),
      model: z.string().max(200),
      stop_reason: z.enum(['endTurn', 'maxTokens']),
    })
    .optional(),
  reason: z.string().max(1000).optional(),
  /** Kept for the vMCP, for sampling or roots, whichever was asked for. */
  remember: z.enum(['allowed', 'denied']).optional(),
});
export type EditorAnswer = z.infer<typeof editorAnswerSchema>;

const consentStateSchema = z.enum(['ask', 'allowed', 'denied']);

/** GET and PUT /api/vmcps/{id}/editor-consents: what the user decided for good. */
export const editorConsentsSchema = z.strictObject({
  /** Models of VS Code answer the vMCP's servers. */
  sampling: consentStateSchema,
  /** The vMCP's servers get to know the folders that are open in VS Code. */
  roots: consentStateSchema,
});
export type EditorConsents = z.infer<typeof editorConsentsSchema>;
