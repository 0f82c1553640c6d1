import type Koa from 'koa';
import { callbackHeaders } from '../upstream/oauth/callbackPage.ts';
import type { Upstreams } from '../upstream/upstreams.ts';

/** Where browsers come back to from a sign-in; the one address but /health that needs no token. */
export const signInPath = '/oauth/callback';

/** Answers what authorization servers send back by way of the browser: the state in it is the proof. */
export function signInPage(upstreams: Pick<Upstreams, 'answerSignIn'>): Koa.Middleware {
  return async (ctx, next) => {
    if (ctx.path !== signInPath || ctx.method !== 'GET') return next();
    const { status, html } = await upstreams.answerSignIn(new URLSearchParams(ctx.querystring));
    ctx.status = status;
    ctx.set(callbackHeaders);
    ctx.body = html;
  };
}
