import type { CreateServer, McpServer, UpdateServer } from '../../../contract/servers.ts';
import type { Deleted } from '../../../contract/undo.ts';

/** The configured MCP servers; secrets are kept apart and shown as the mask. */
export interface Servers {
  list(): McpServer[];
  /** @throws NotFoundError */
  get(serverId: string): McpServer;
  /** @throws ConflictError (name taken), InvalidError */
  create(body: CreateServer): Promise<McpServer>;
  /** A running server whose connection details changed is connected anew at its next use. */
  update(serverId: string, body: UpdateServer): Promise<McpServer>;
  /** Also takes it out of every vMCP, in the same write, and ends its connections. */
  delete(serverId: string): Promise<Deleted>;
}
