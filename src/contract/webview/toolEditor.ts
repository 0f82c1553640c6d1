import * as z from 'zod';

/** What the editor of a custom tool or prompt is about. */
export const toolEditorContextSchema = z.strictObject({
  vmcp_id: z.string().min(1).max(200),
  item: z.enum(['tool', 'prompt']),
  name: z.string().min(1).max(200),
});
export type ToolEditorContext = z.infer<typeof toolEditorContextSchema>;
