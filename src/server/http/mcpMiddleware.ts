import type * as Koa from 'koa';
import type { Log } from '../log.ts';
import type { Access } from './access.ts';
import type { ClientTokens } from './clientTokens.ts';
import { errorReply } from './errorReply.ts';
import { HttpError, notFound } from './httpError.ts';
import { isMcpPath, parseMcpPath, pathOf } from './mcpAddress.ts';
import type { McpAddress, McpEndpoint } from './mcpEndpoint.ts';

export interface McpMiddlewareDependencies {
  access: Access;
  clientTokens: ClientTokens;
  /** The id that an address names, by id or by name. */
  findVmcp(idOrName: string): string | undefined;
  mcp: McpEndpoint;
  log: Log;
}

/**
 * The first middleware: hands MCP requests to the endpoint before anything of REST sees them, since
 * this is the path of every call.
 */
export function mcpMiddleware(dependencies: McpMiddlewareDependencies): Koa.Middleware {
  return (ctx, next) => {
    const path = pathOf(ctx.req.url ?? '/');
    return isMcpPath(path) ? handleMcp(dependencies, ctx, path) : next();
  };
}

async function handleMcp(
  dependencies: McpMiddlewareDependencies,
  ctx: Koa.Context,
  path: string,
): Promise<void> {
  ctx.respond = false; // the endpoint writes to ctx.res
  ctx.res.statusCode = 200; // Koa begins with 404
  try {
    const address = guardedAddress(dependencies, ctx, path);
    await dependencies.mcp.handle(ctx, address);
  } catch (error) {
    answerError(ctx, error, dependencies.log);
  }
}

/** @throws HttpError 403 or 404; the path itself is in no message, since it may hold a token */
function guardedAddress(
  { access, clientTokens, findVmcp }: McpMiddlewareDependencies,
  ctx: Koa.Context,
  path: string,
): McpAddress {
  access.checkSource(ctx.req);
  const parsed = parseMcpPath(path);
  if (!parsed) throw notFound();
  const isOpen = parsed.token !== null || access.isOpenTo(ctx.req);
  const vmcp = isOpen ? findVmcp(parsed.vmcp) : undefined;
  if (vmcp === undefined) throw isOpen && parsed.token === null ? unknownVmcp() : notFound();
  const address = { vmcp, rest: parsed.rest, prefix: parsed.prefix };
  if (parsed.token === null) return { ...address, tokenId: null };
  const token = clientTokens.resolve(parsed.token, vmcp);
  if (!token) throw notFound();
  return { ...address, tokenId: token.token_id };
}

function unknownVmcp(): HttpError {
  return new HttpError(404, 'Unknown vMCP', 'No vMCP has the id or name in this address.');
}

function answerError(ctx: Koa.Context, error: unknown, log: Log): void {
  const { status, body, unexpected } = errorReply(error);
  if (unexpected) log.error('An MCP request failed', { method: ctx.req.method, error });
  if (ctx.res.headersSent) {
    ctx.res.destroy(); // half an answer cannot be mended
    return;
  }
  ctx.res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' });
  ctx.res.end(JSON.stringify(body));
}
