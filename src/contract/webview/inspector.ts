import * as z from 'zod';

/** What the inspector tries: something of an MCP server or of a vMCP. */
export const inspectorContextSchema = z.strictObject({
  of: z.enum(['server', 'vmcp']),
  id: z.string().min(1).max(200),
  item: z.enum(['tool', 'prompt', 'resource']),
  /** Of a tool or prompt its name, of a vMCP's the canonical one; of a resource its URI or template. */
  name: z.string().min(1).max(2000),
});
export type InspectorContext = z.infer<typeof inspectorContextSchema>;
