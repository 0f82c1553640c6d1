import assert from 'node:assert/strict';
import { AuthorizationServer } from '../fixtures/oauth/authorizationServer.ts';
import { ProtectedServer } from '../fixtures/oauth/protectedServer.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { pressInNotification } from './adding.ts';
import type { Storage } from './storage.ts';
import type { TestWindow } from './window.ts';

/**
 * A server that wants a sign-in is added as a user does; the notification opens the browser, which comes
 * back to VS Code, and the server's tools are there.
 */
export async function checkSignIn(
  window: TestWindow,
  storage: Storage,
  cleanup: Cleanup,
): Promise<void> {
  const issuer = await AuthorizationServer.start();
  cleanup.add(() => issuer.close());
  // VS Code takes other names of this machine for addresses behind a tunnel, and this one for a web page.
  const page = issuer.url.replace('127.0.0.1', 'sign-in.localhost');
  issuer.metadata = { authorization_endpoint: `${page}/authorize` };
  const remote = await ProtectedServer.start(issuer);
  cleanup.add(() => remote.close());
  const rest = await storage.rest();
  await window.begin('vmcp.addServer');
  await window.answer('(1/2)', remote.url);
  await window.answer('(2/2)', 'guarded');
  const shown = async () => {
    const servers: { name: string; server_id: string; status: string; signed_in: unknown }[] =
      await rest.ok('GET', '/api/mcp-servers');
    return servers.find(({ name }) => name === 'guarded');
  };
  await eventually(async () => (await shown())?.status === 'auth_required', {
    what: 'the refusal',
  });
  await window.command('workbench.view.extension.vmcp');
  await window.treeItem('MCP servers', 'guarded, wants you to sign in').waitFor();

  await pressInNotification(window, 'Sign in');
  await eventually(async () => (await shown())?.status === 'connected', {
    what: 'the sign-in',
  });
  await window.treeItem('MCP servers', 'guarded, running').click();
  await window.treeItem('MCP servers', 'look').waitFor();
  assert.equal(issuer.counts.codes, 1);
  // Far from its extension host, the window is reached by the address that VS Code makes for it.
  const external = await window.run(async (vscode) => {
    const own = vscode.Uri.parse(`${vscode.env.uriScheme}://vmcp.vmcp/oauth/callback`);
    const { scheme, authority } = await vscode.env.asExternalUri(own);
    return `${scheme}://${authority}`;
  });
  assert.match(external, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(new URL(issuer.redirects[0] ?? '').origin, external);

  const { server_id = '' } = (await shown()) ?? {};
  await window.command('vmcp.signOut', { type: 'server', serverId: server_id });
  assert.equal((await shown())?.signed_in, null);
  assert(issuer.counts.revoked > 0);
  await rest.ok('DELETE', `/api/mcp-servers/${server_id}`);
}
