import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthorizationServer } from '../fixtures/oauth/authorizationServer.ts';
import { linkIn, signIn } from '../fixtures/oauth/browser.ts';
import { ProtectedServer } from '../fixtures/oauth/protectedServer.ts';
import { Cleanup, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('Signing in at a remote server', function () {
  this.timeout(60_000);
  const whole = new Cleanup();
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: CheckedRest;
  let issuer: AuthorizationServer;
  let remote: ProtectedServer;
  let names = 0;

  before(async () => {
    server = await startServer(whole);
    rest = await CheckedRest.open(server.url);
  });
  after(() => whole.run());

  beforeEach(async () => {
    issuer = await AuthorizationServer.start();
    cleanup.add(() => issuer.close());
    remote = await ProtectedServer.start(issuer);
    cleanup.add(() => remote.close());
  });

  const add = async (more: object = {}): Promise<string> => {
    const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
      name: `remote${++names}`,
      transport_type: 'http',
      config: { url: remote.url },
      ...more,
    });
    return server_id;
  };
  const shown = (id: string) => rest.ok('GET', `/api/mcp-servers/${id}`);
  const call = (id: string, name = 'look') =>
    rest.send('POST', `/api/mcp-servers/${id}/tools/call`, { name });
  const works = async (id: string, name = 'look') => {
    const { status, body } = await call(id, name);
    assert.deepEqual(
      [status, body.content?.[0]?.text],
      [200, `${name} done`],
      JSON.stringify(body),
    );
  };
  /** A server that the user is signed in at. */
  const addSignedIn = async (more: object = {}): Promise<string> => {
    const id = await add(more);
    const prepared = await rest.ok('POST', `/api/mcp-servers/${id}/sign-in`, {});
    assert.equal((await signIn(prepared.authorization_url)).status, 200);
    await eventually(async () => (await shown(id)).status === 'connected');
    return id;
  };
  const secretsFile = () => readFile(join(server.dataDir, 'secrets.json'), 'utf8');

  it('begins with a link in the result of a call, and the tools come once the user is back', async () => {
    const id = await add();
    await rest.send('POST', `/api/mcp-servers/${id}/connect`);
    assert.equal((await shown(id)).status, 'auth_required');
    const vmcp = await rest.addVmcp('curated', [id]);
    const { client, ...recorded } = await connectClient(cleanup, {
      http: `${server.url}/mcp/${vmcp}`,
    });
    assert.deepEqual((await client.listTools()).tools, []);
    const { body } = await rest.send('POST', `/api/mcp-servers/${id}/connect`);
    const outcome = await signIn(linkIn(body));
    assert.equal(outcome.status, 200);
    assert.match(outcome.page, /Signed in/);
    await eventually(
      () => recorded.notifications.some(({ method }) => /tools\/list_changed/.test(method)),
      {
        what: 'list_changed',
      },
    );
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name).sort(),
      ['fail', 'look', 'purge'].map((name) => `remote${names}_${name}`),
    );
    const { signed_in, status } = await shown(id);
    assert.equal(status, 'connected');
    assert.equal(signed_in.scope, 'read');
    assert(Date.parse(signed_in.expires_at) > Date.now() + 3_500_000);

    // Over MCP and REST alike a call says what is to be done, and works afterwards.
    issuer.revokeAll();
    const tool = `remote${names}_look`;
    const refused = await client.callTool({ name: tool });
    assert.equal(refused.isError, true);
    const again = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, {
      name: tool,
      arguments: {},
    });
    assert.equal(again.isError, true);
    assert.equal(linkIn(again), linkIn(refused), 'one link while it can be followed');
    assert.equal((await shown(id)).signed_in, null);
    assert.equal((await signIn(linkIn(refused))).status, 200);
    const done = await eventually(async () => {
      const result = await client.callTool({ name: tool });
      return result.isError === true ? undefined : result;
    });
    assert.deepEqual(done.content, [{ type: 'text', text: 'look done' }]);
    assert.equal(
      server.output.split(`link="${linkIn(refused)}"`).length,
      2,
      'the log says it once',
    );
  });

  it('renews tokens once for all calls, before they end', async () => {
    issuer.lifetimeS = 2;
    const id = await addSignedIn();
    await eventually(async () => issuer.scopesOf([...remote.seen].at(-1)) === undefined);
    const renewed = issuer.counts.renewed;
    issuer.lifetimeS = 3600;
    await Promise.all(Array.from({ length: 20 }, () => works(id)));
    assert.equal(issuer.counts.renewed, renewed + 1);
    await works(id);
    assert.equal(issuer.counts.renewed, renewed + 1);
    assert.equal(issuer.counts.codes, 1);
  });

  it('renews a token that the server refuses although it had time left', async () => {
    const id = await addSignedIn();
    issuer.endAccess();
    await Promise.all(Array.from({ length: 20 }, () => works(id)));
    assert.equal(issuer.counts.renewed, 1);
  });

  it('is over when the renewal is refused, and only then', async () => {
    const id = await addSignedIn();
    issuer.renewalStatus = 503;
    issuer.endAccess();
    const failed = await call(id);
    assert.match(JSON.stringify(failed.body), /could not be renewed/);
    assert.notEqual((await shown(id)).signed_in, null);
    issuer.renewalStatus = undefined;
    await works(id);
    issuer.refusesRenewal = true;
    issuer.endAccess();
    const refused = await call(id);
    assert.equal((await shown(id)).signed_in, null);
    issuer.refusesRenewal = false;
    await signIn(linkIn(refused.body));
    await eventually(async () => (await call(id)).status === 200);
  });

  it('asks for more when a call needs it', async () => {
    const id = await addSignedIn();
    const { body } = await call(id, 'purge');
    const link = new URL(linkIn(body));
    assert.equal(link.searchParams.get('scope'), 'read write');
    await works(id);
    issuer.endAccess(); // what there is can still be renewed
    await works(id);
    await signIn(link.href);
    await works(id, 'purge');
    assert.equal((await shown(id)).signed_in.scope, 'read write');
  });

  it('ends with signing out, which the authorization server is told', async () => {
    const id = await addSignedIn();
    await rest.ok('POST', `/api/mcp-servers/${id}/sign-out`);
    assert(issuer.counts.revoked > 0);
    assert.equal((await shown(id)).signed_in, null);
    assert(!(await secretsFile()).includes(`oauth/${id}`));
    linkIn((await call(id)).body);
  });

  it('outlives restarts, and the end of the server just after a renewal', async () => {
    issuer.lifetimeS = 1;
    const id = await addSignedIn();
    await server.restart();
    await works(id);
    for (let round = 0; round < 3; round++) {
      await eventually(async () => issuer.scopesOf([...remote.seen].at(-1)) === undefined);
      const arrived = new Promise<void>((resolve) => {
        remote.onAuthorized = () => resolve();
      });
      const renewed = issuer.counts.renewed;
      const cut = call(id).catch(() => undefined);
      await arrived; // the new token was used: so the refresh token is safe
      await server.kill9();
      await cut;
      assert(issuer.counts.renewed > renewed);
      await server.start();
    }
    await works(id);
    assert.equal(issuer.counts.codes, 1);
  });

  it('keeps tokens from another address, and gives them back', async () => {
    const id = await addSignedIn();
    const { config } = await shown(id);
    const other = await ProtectedServer.start(issuer);
    cleanup.add(() => other.close());
    const changed = await rest.ok('PUT', `/api/mcp-servers/${id}`, {
      config: { ...config, url: other.url },
    });
    assert.equal(changed.signed_in, null);
    await rest.send('POST', `/api/mcp-servers/${id}/connect`);
    assert.deepEqual([...other.seen], []);
    await eventually(() => issuer.counts.revoked > 0);
  });

  it('is not finished for an address that was left meanwhile', async () => {
    const id = await add();
    const { authorization_url } = await rest.ok('POST', `/api/mcp-servers/${id}/sign-in`, {});
    const url = `${remote.url}/other`;
    await rest.ok('PUT', `/api/mcp-servers/${id}`, { config: { url } });
    const { status } = await signIn(authorization_url).catch(() => ({ status: 400 }));
    assert.equal(status, 400);
    assert.equal((await shown(id)).signed_in, null);
  });

  it('goes with its server, and comes back with it', async () => {
    const id = await addSignedIn();
    const { undo_id } = await rest.ok('DELETE', `/api/mcp-servers/${id}`);
    assert(!(await secretsFile()).includes(`"oauth/${id}`));
    await rest.ok('POST', `/api/undo/${undo_id}`);
    await works(id);
    assert.equal(issuer.counts.codes, 1);
  });

  it('can use a client of the user, at the address that stays', async () => {
    issuer.addClient('mine', `${server.url}/oauth/callback`);
    const id = await addSignedIn({ auth: { type: 'oauth', client_id: 'mine', scope: 'read' } });
    await works(id);
    assert.equal(issuer.counts.registered, 0);
    await rest.ok('PUT', `/api/mcp-servers/${id}`, { auth: { type: 'oauth', client_id: 'other' } });
    assert.equal((await shown(id)).signed_in, null);
  });

  it('registers once for several sign-ins', async () => {
    const id = await addSignedIn();
    issuer.revokeAll();
    await signIn(linkIn((await call(id)).body));
    await eventually(async () => (await call(id)).status === 200);
    assert.deepEqual([issuer.counts.registered, issuer.counts.codes], [1, 2]);
  });

  it('shows no token and no code anywhere', async () => {
    const id = await addSignedIn();
    const vmcp = await rest.addVmcp('discreet', [id]);
    const name = `remote${names}_fail`;
    const failed = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, { name, arguments: {} });
    assert.equal(failed.isError, true);
    await eventually(
      async () => (await rest.ok('GET', `/api/stats?vmcp_id=${vmcp}`)).logs.length > 0,
    );
    const places = [
      failed,
      await shown(id),
      await rest.ok('GET', '/api/mcp-servers'),
      await rest.ok('GET', `/api/vmcps/${vmcp}/export`),
      await rest.ok('GET', `/api/stats?vmcp_id=${vmcp}`),
      await rest.ok('GET', '/api/secrets'),
      server.output,
      await secretsFile(),
    ].map((each) => JSON.stringify(each));
    assert(issuer.given.length > 0);
    for (const secret of issuer.given) for (const text of places) assert(!text.includes(secret));
    assert(places[0]?.includes('********'));
  });
});
