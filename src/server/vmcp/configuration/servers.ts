import type {
  ConsentAnswer,
  CreateServer,
  McpServer,
  UpdateServer,
} from '../../../contract/servers.ts';
import type { Deleted } from '../../../contract/undo.ts';
import type { Requester } from '../../consent/consents.ts';

/** The configured MCP servers; secrets are kept apart and shown as the mask. */
export interface Servers {
  list(): McpServer[];
  /** @throws NotFoundError */
  get(serverId: string): McpServer;
  /**
   * @param by what others (the default) than the user add waits for the user's consent
   * @throws ConflictError (name taken), InvalidError
   */
  create(body: CreateServer, by?: Requester): Promise<McpServer>;
  /** A running server whose connection details changed is connected anew at its next use. */
  update(serverId: string, body: UpdateServer, by?: Requester): Promise<McpServer>;
  /** The user's answer to what waits for consent. @throws NotFoundError, ConflictError */
  answerConsent(serverId: string, answer: ConsentAnswer): Promise<McpServer>;
  /** Also takes it out of every vMCP, in the same write, and ends its connections. */
  delete(serverId: string): Promise<Deleted>;
}
