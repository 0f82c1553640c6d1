import * as z from 'zod';
import type { McpServer } from '../servers.ts';
import type { Vmcp } from '../vmcps.ts';

/** What the editor of a vMCP is about. */
export const vmcpEditorContextSchema = z.strictObject({ vmcp_id: z.string().min(1).max(200) });

/** What a window knows of it before the page asks. */
export interface KnownVmcp {
  vmcp: Vmcp;
  servers: readonly McpServer[];
}
