import {
  signInAnswerSchema,
  signInLinkSchema,
  signInOutcomeSchema,
  signInSchema,
  signOutResultSchema,
} from '../../../contract/servers.ts';
import type { Upstreams } from '../../upstream/upstreams.ts';
import type { Servers } from '../../vmcp/configuration/servers.ts';
import { type Route, route } from './route.ts';

/** Signing in at remote servers. */
export function signInRoutes({
  servers,
  upstreams,
}: {
  servers: Servers;
  upstreams: Upstreams;
}): Route[] {
  return [
    route('post', '/api/mcp-servers/{server_id}/sign-in', {
      summary: 'Prepare a sign-in at a remote MCP server: a link for a browser',
      body: signInSchema,
      reply: signInLinkSchema,
      handle: async ({ params, body, signal }) => {
        servers.get(params.server_id);
        const prepared = await upstreams.signIn(params.server_id, body.redirect_uri, signal);
        const expires_at = new Date(prepared.expiresAt).toISOString();
        return { authorization_url: prepared.link, expires_at };
      },
    }),
    route('post', '/api/mcp-servers/{server_id}/sign-out', {
      summary: 'Forget the sign-in at a remote MCP server and have it revoked',
      reply: signOutResultSchema,
      handle: async ({ params }) => {
        const { name } = servers.get(params.server_id);
        await upstreams.signOut(params.server_id);
        return { message: `Signed out of “${name}”` };
      },
    }),
    route('post', '/api/oauth/answer', {
      summary: 'Hand over what an authorization server sent back to an address of VS Code',
      guard: 'admin',
      body: signInAnswerSchema,
      reply: signInOutcomeSchema,
      handle: async ({ body }) => {
        const { status } = await upstreams.answerSignIn(new URLSearchParams(body.query));
        return { signed_in: status === 200 };
      },
    }),
  ];
}
