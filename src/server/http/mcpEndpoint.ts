import type { IncomingMessage, ServerResponse } from 'node:http';

/** A guarded address of a vMCP: Host, Origin and tokens are checked, the vMCP exists. */
export interface McpAddress {
  /** The vMCP's id, whether the address named it by id or by name. */
  vmcp: string;
  /** What follows the endpoint: `sse` and `message` are HTTP+SSE of MCP 2024-11-05. */
  rest: '' | 'sse' | 'message';
  /** The client token the address holds; null without one. */
  tokenId: string | null;
  /** The path up to `rest`, as the client wrote it. Never log it: it holds the token. */
  prefix: string;
}

/** Answers MCP requests: reads the body and writes the answer itself. */
export interface McpEndpoint {
  /** @throws HttpError where nothing was answered */
  handle(request: IncomingMessage, response: ServerResponse, address: McpAddress): Promise<void>;
}
