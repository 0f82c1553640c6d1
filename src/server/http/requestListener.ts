import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import type { Access } from './access.ts';
import type { ClientTokens } from './clientTokens.ts';
import { adminOwner, type Connections } from './connections.ts';
import { errorReply } from './errorReply.ts';
import { HttpError, notFound } from './httpError.ts';
import { isMcpPath, type McpPath, parseMcpPath, pathOf } from './mcpAddress.ts';
import type { McpAddress, McpEndpoint } from './mcpEndpoint.ts';

export interface RequestListenerDependencies {
  access: Access;
  connections: Connections;
  clientTokens: ClientTokens;
  /** The id that an address names, by id or by name. */
  findVmcp(idOrName: string): string | undefined;
  mcp: McpEndpoint;
  /** Answers everything that is not for the MCP endpoint. */
  rest: RequestListener;
  log: Log;
}

/**
 * Where every request arrives. What a foreign page could have sent goes no further; MCP requests go
 * to the endpoint at once, since this is the path of every call, and all others to REST.
 */
export function requestListener(dependencies: RequestListenerDependencies): RequestListener {
  const { access, mcp, rest, log } = dependencies;
  const parsePath = withLast(parseMcpPath);
  return (request, response) => {
    try {
      access.checkSource(request);
      const path = pathOf(request.url ?? '/');
      if (!isMcpPath(path)) {
        noteAdmin(dependencies, request);
        return rest(request, response);
      }
      mcp
        .handle(request, response, guardedAddress(dependencies, request, response, parsePath(path)))
        .catch((error: unknown) => answerError(request, response, error, log));
    } catch (error) {
      answerError(request, response, error, log);
    }
  };
}

/** Whether it is of VS Code or a launcher, whose connections always have room. */
function noteAdmin(
  { access, connections }: RequestListenerDependencies,
  request: IncomingMessage,
): boolean {
  const isAdmin = request.headers.authorization !== undefined && access.isAdmin(request);
  if (isAdmin) connections.claim(request.socket, adminOwner);
  return isAdmin;
}

/** @throws HttpError 404; the path itself is in no message, since it may hold a token */
function guardedAddress(
  dependencies: RequestListenerDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  parsed: McpPath | undefined,
): McpAddress {
  if (!parsed) throw notFound();
  const { access, connections, clientTokens, findVmcp } = dependencies;
  const isOpen =
    parsed.token !== null || noteAdmin(dependencies, request) || access.authentication === 'none';
  const vmcp = isOpen ? findVmcp(parsed.vmcp) : undefined;
  if (vmcp === undefined) throw isOpen && parsed.token === null ? unknownVmcp() : notFound();
  const address = { vmcp, rest: parsed.rest, prefix: parsed.prefix, tokenId: null };
  if (parsed.token === null) return address;
  const token = clientTokens.resolve(parsed.token, vmcp);
  if (!token) throw notFound();
  connections.claim(request.socket, token.token_id);
  clientTokens.used(token, response);
  return { ...address, tokenId: token.token_id };
}

/** The same function, which knows its last answer: mostly it is asked for it again. */
function withLast<T>(compute: (text: string) => T): (text: string) => T {
  let last: { text: string; value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: compute(text) };
    return last.value;
  };
}

function unknownVmcp(): HttpError {
  return new HttpError(404, 'Unknown vMCP', 'No vMCP has the id or name in this address.');
}

/** Answers with what a failure says, where nothing was answered yet. */
export function answerError(
  { method }: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  log: Log,
): void {
  const { status, body, headers, unexpected } = errorReply(error);
  if (unexpected) log.error('A request failed', { method, error });
  if (response.headersSent) {
    response.destroy(); // half an answer cannot be mended
    return;
  }
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
