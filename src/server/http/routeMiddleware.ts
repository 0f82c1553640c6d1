import type { IncomingMessage, ServerResponse } from 'node:http';
import Router from '@koa/router';
import type * as Koa from 'koa';
import type { Access } from './access.ts';
import { isJsonContentType } from './guards/jsonContentType.ts';
import { HttpError, notFound } from './httpError.ts';
import { parseJsonBody } from './jsonBody.ts';
import { bodyChunks, readBody } from './readBody.ts';
import { type RawReply, type Route, WrittenJson } from './routes/route.ts';

/** A router with all routes in it. */
export function createRouter(routes: readonly Route[], access: Access): Router {
  const router = new Router();
  for (const route of routes) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    router[route.method](path, (ctx) => answer(route, access, ctx));
  }
  return router;
}

async function answer(route: Route, access: Access, ctx: Koa.Context): Promise<void> {
  if (route.guard === 'admin' && !access.isAdmin(ctx.req)) throw notFound();
  const signal = closedSignal(ctx.res);
  try {
    const body = route.body ? await jsonBody(ctx.req, route.bodyLimit) : undefined;
    const reply = await route.run({
      params: ctx.params,
      query: { ...ctx.query },
      body,
      raw: {
        type: ctx.get('content-type') || undefined,
        content: bodyChunks(ctx.req, route.bodyLimit),
      },
      baseUrl: `http://127.0.0.1:${ctx.req.socket.localPort}`,
      by: access.isAdmin(ctx.req) ? 'user' : 'outside',
      signal,
    });
    ctx.status = route.status;
    if (reply instanceof WrittenJson) answerJson(ctx, reply);
    else if (route.reply) ctx.body = reply;
    else answerRaw(ctx, reply as RawReply); // `rawRoute` sees to it
  } catch (error) {
    if (!signal.aborted) throw error;
    ctx.respond = false; // nobody is there to be answered
  }
}

function answerJson(ctx: Koa.Context, { bytes }: WrittenJson): void {
  ctx.type = 'json';
  ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Never run or shown as a page, whatever it says it is. */
function answerRaw(ctx: Koa.Context, { type, bytes, content }: RawReply): void {
  ctx.body = content;
  ctx.set('Content-Type', type ?? 'application/octet-stream');
  if (bytes !== undefined) ctx.set('Content-Length', String(bytes));
  ctx.set('Content-Security-Policy', "default-src 'none'; sandbox");
  ctx.set('Content-Disposition', 'attachment');
}

/** @throws HttpError 415, 413, 400 */
async function jsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const { 'content-type': contentType, 'content-length': length } = request.headers;
  const isEmpty = length === '0' || (length === undefined && !request.headers['transfer-encoding']);
  if (!isEmpty && !isJsonContentType(contentType)) {
    throw new HttpError(
      415,
      'Unsupported content type',
      `Content-Type must be application/json in UTF-8, not ${contentType ?? 'missing'}.`,
    );
  }
  return parseJsonBody(await readBody(request, limit));
}

/** Aborted when the connection closes before the answer is complete. */
function closedSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('The client closed the connection'));
  });
  return controller.signal;
}
