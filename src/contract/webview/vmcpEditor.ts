import * as z from 'zod';

/** What the editor of a vMCP is about. */
export const vmcpEditorContextSchema = z.strictObject({ vmcp_id: z.string().min(1).max(200) });
