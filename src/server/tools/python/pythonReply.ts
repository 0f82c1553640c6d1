import * as z from 'zod';
import { jsonObjectSchema } from '../../../contract/common.ts';
import { ImproperReplyError } from './pythonErrors.ts';

const mediaType = z.string().nullish();

/** The line before the body of a reply. Code in the interpreter can write what it likes there. */
const headerSchema = z.discriminatedUnion('kind', [
  /** `wrapped`: the structured result is an object that has the value as its `result`. */
  z.object({ kind: z.literal('none'), wrapped: z.boolean() }),
  z.object({ kind: z.literal('text'), wrapped: z.boolean() }),
  z.object({ kind: z.literal('json'), wrapped: z.boolean() }),
  z.object({ kind: z.literal('bytes'), mediaType }),
  z.object({ kind: z.literal('error'), message: z.string() }),
  z.object({
    kind: z.literal('syntax'),
    line: z.number(),
    column: z.number(),
    message: z.string(),
  }),
  z.object({ kind: z.literal('description') }),
]);
export type PythonReplyHeader = z.infer<typeof headerSchema>;

const descriptionSchema = z.object({
  description: z.string(),
  inputSchema: jsonObjectSchema,
  outputSchema: jsonObjectSchema.nullable(),
  output: z.object({ kind: z.enum(['any', 'none', 'text', 'json', 'bytes']), mediaType }),
});
export type ReplyDescription = z.infer<typeof descriptionSchema>;

export interface PythonReply {
  header: PythonReplyHeader;
  body: Buffer;
}

/** @throws ImproperReplyError where a tool has changed the Python part that writes replies */
export function parseReply(reply: Buffer): PythonReply {
  const end = reply.indexOf('\n');
  const header = parse(headerSchema, reply.toString('utf8', 0, Math.max(end, 0)));
  return { header, body: reply.subarray(end + 1) };
}

/** @throws ImproperReplyError */
export function parseDescription(body: Buffer): ReplyDescription {
  return parse(descriptionSchema, body.toString('utf8'));
}

/** The JSON value that the body is. @throws ImproperReplyError */
export function parseValue(body: Buffer): z.infer<ReturnType<typeof z.json>> {
  return parse(z.unknown(), body.toString('utf8')) as z.infer<ReturnType<typeof z.json>>;
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ImproperReplyError({ cause });
  }
}
