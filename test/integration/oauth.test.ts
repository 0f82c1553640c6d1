import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkIn, signIn } from '../fixtures/oauth/browser.ts';
import { type SignIns, useSignIns } from '../fixtures/oauth/signIns.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';

describe('Signing in at a remote server', function () {
  this.timeout(60_000);
  const setup = useSignIns();
  let at: SignIns;

  beforeEach(() => {
    at = setup();
  });

  const secretsFile = () => readFile(join(at.server.dataDir, 'secrets.json'), 'utf8');

  it('begins with a link in the result of a call, and the tools come once the user is back', async () => {
    const id = await at.add();
    await at.rest.send('POST', `/api/mcp-servers/${id}/connect`);
    assert.equal((await at.shown(id)).status, 'auth_required');
    const vmcp = await at.rest.addVmcp('curated', [id]);
    const { client, ...recorded } = await connectClient(at.cleanup, {
      http: `${at.server.url}/mcp/${vmcp}`,
    });
    assert.deepEqual((await client.listTools()).tools, []);
    const { body } = await at.rest.send('POST', `/api/mcp-servers/${id}/connect`);
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
      ['fail', 'look', 'purge'].map((name) => `${at.name}_${name}`),
    );
    const { signed_in, status } = await at.shown(id);
    assert.equal(status, 'connected');
    assert.equal(signed_in.scope, 'read');
    assert(Date.parse(signed_in.expires_at) > Date.now() + 3_500_000);

    // Over MCP and REST alike a call says what is to be done, and works afterwards.
    at.issuer.revokeAll();
    const tool = `${at.name}_look`;
    const refused = await client.callTool({ name: tool });
    assert.equal(refused.isError, true);
    const again = await at.rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, {
      name: tool,
      arguments: {},
    });
    assert.equal(again.isError, true);
    assert.equal(linkIn(again), linkIn(refused), 'one link while it can be followed');
    assert.equal((await at.shown(id)).signed_in, null);
    assert.equal((await signIn(linkIn(refused))).status, 200);
    const done = await eventually(async () => {
      const result = await client.callTool({ name: tool });
      return result.isError === true ? undefined : result;
    });
    assert.deepEqual(done.content, [{ type: 'text', text: 'look done' }]);
    assert.equal(
      at.server.output.split(`link="${linkIn(refused)}"`).length,
      2,
      'the log says it once',
    );
  });

  it('renews tokens once for all calls, before they end', async () => {
    at.issuer.lifetimeS = 2;
    const id = await at.addSignedIn();
    await eventually(async () => at.issuer.scopesOf([...at.remote.seen].at(-1)) === undefined);
    const renewed = at.issuer.counts.renewed;
    at.issuer.lifetimeS = 3600;
    await Promise.all(Array.from({ length: 20 }, () => at.works(id)));
    assert.equal(at.issuer.counts.renewed, renewed + 1);
    await at.works(id);
    assert.equal(at.issuer.counts.renewed, renewed + 1);
    assert.equal(at.issuer.counts.codes, 1);
  });

  it('renews a token that the server refuses although it had time left', async () => {
    const id = await at.addSignedIn();
    at.issuer.endAccess();
    await Promise.all(Array.from({ length: 20 }, () => at.works(id)));
    assert.equal(at.issuer.counts.renewed, 1);
  });

  it('is over when the renewal is refused, and only then', async () => {
    const id = await at.addSignedIn();
    at.issuer.renewalStatus = 503;
    at.issuer.endAccess();
    const failed = await at.call(id);
    assert.match(JSON.stringify(failed.body), /could not be renewed/);
    assert.notEqual((await at.shown(id)).signed_in, null);
    at.issuer.renewalStatus = undefined;
    await at.works(id);
    at.issuer.refusesRenewal = true;
    at.issuer.endAccess();
    const refused = await at.call(id);
    assert.equal((await at.shown(id)).signed_in, null);
    at.issuer.refusesRenewal = false;
    await signIn(linkIn(refused.body));
    await eventually(async () => (await at.call(id)).status === 200);
  });

  it('asks for more when a call needs it', async () => {
    const id = await at.addSignedIn();
    const { body } = await at.call(id, 'purge');
    const link = new URL(linkIn(body));
    assert.equal(link.searchParams.get('scope'), 'read write');
    await at.works(id);
    at.issuer.endAccess(); // what there is can still be renewed
    await at.works(id);
    await signIn(link.href);
    await at.works(id, 'purge');
    assert.equal((await at.shown(id)).signed_in.scope, 'read write');
  });

  it('ends with signing out, which the authorization server is told', async () => {
    const id = await at.addSignedIn();
    await at.rest.ok('POST', `/api/mcp-servers/${id}/sign-out`);
    assert(at.issuer.counts.revoked > 0);
    assert.equal((await at.shown(id)).signed_in, null);
    assert(!(await secretsFile()).includes(`oauth/${id}`));
    linkIn((await at.call(id)).body);
  });

  it('outlives restarts, and the end of the server just after a renewal', async () => {
    at.issuer.lifetimeS = 1;
    const id = await at.addSignedIn();
    await at.server.restart();
    await at.works(id);
    for (let round = 0; round < 3; round++) {
      await eventually(async () => at.issuer.scopesOf([...at.remote.seen].at(-1)) === undefined);
      const arrived = new Promise<void>((resolve) => {
        at.remote.onAuthorized = () => resolve();
      });
      const renewed = at.issuer.counts.renewed;
      const cut = at.call(id).catch(() => undefined);
      await arrived; // the new token was used: so the refresh token is safe
      await at.server.kill9();
      await cut;
      assert(at.issuer.counts.renewed > renewed);
      await at.server.start();
    }
    await at.works(id);
    assert.equal(at.issuer.counts.codes, 1);
  });

  it('keeps tokens from another address, and gives them back', async () => {
    const id = await at.addSignedIn();
    const { config } = await at.shown(id);
    const other = await at.another();
    const changed = await at.rest.ok('PUT', `/api/mcp-servers/${id}`, {
      config: { ...config, url: other.url },
    });
    assert.equal(changed.signed_in, null);
    await at.rest.send('POST', `/api/mcp-servers/${id}/connect`);
    assert.deepEqual([...other.seen], []);
    await eventually(() => at.issuer.counts.revoked > 0);
  });

  it('is not finished for an address that was left meanwhile', async () => {
    const id = await at.add();
    const { authorization_url } = await at.rest.ok('POST', `/api/mcp-servers/${id}/sign-in`, {});
    const url = `${at.remote.url}/other`;
    await at.rest.ok('PUT', `/api/mcp-servers/${id}`, { config: { url } });
    const { status } = await signIn(authorization_url).catch(() => ({ status: 400 }));
    assert.equal(status, 400);
    assert.equal((await at.shown(id)).signed_in, null);
  });

  it('goes with its server, and comes back with it', async () => {
    const id = await at.addSignedIn();
    const { undo_id } = await at.rest.ok('DELETE', `/api/mcp-servers/${id}`);
    assert(!(await secretsFile()).includes(`"oauth/${id}`));
    await at.rest.ok('POST', `/api/undo/${undo_id}`);
    await at.works(id);
    assert.equal(at.issuer.counts.codes, 1);
  });

  it('is given back once the deletion of its server is final', async () => {
    const id = await at.addSignedIn();
    const { undo_id } = await at.rest.ok('DELETE', `/api/mcp-servers/${id}`);
    assert.equal(at.issuer.counts.revoked, 0, 'it may come back');
    await at.rest.ok('DELETE', `/api/undo/${undo_id}`);
    assert.equal(at.issuer.counts.revoked, 1);
    assert(!(await secretsFile()).includes(id));
    assert.equal((await at.rest.send('POST', `/api/undo/${undo_id}`)).status, 404);
  });

  it('can use a client of the user, at the address that stays', async () => {
    at.issuer.addClient('mine', `${at.server.url}/oauth/callback`);
    const id = await at.addSignedIn({ auth: { type: 'oauth', client_id: 'mine', scope: 'read' } });
    await at.works(id);
    assert.equal(at.issuer.counts.registered, 0);
    await at.rest.ok('PUT', `/api/mcp-servers/${id}`, {
      auth: { type: 'oauth', client_id: 'other' },
    });
    assert.equal((await at.shown(id)).signed_in, null);
  });

  it('registers once for several sign-ins', async () => {
    const id = await at.addSignedIn();
    at.issuer.revokeAll();
    await signIn(linkIn((await at.call(id)).body));
    await eventually(async () => (await at.call(id)).status === 200);
    assert.deepEqual([at.issuer.counts.registered, at.issuer.counts.codes], [1, 2]);
  });

  it('shows no token and no code anywhere', async () => {
    const id = await at.addSignedIn();
    const vmcp = await at.rest.addVmcp('discreet', [id]);
    const name = `${at.name}_fail`;
    const failed = await at.rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, {
      name,
      arguments: {},
    });
    assert.equal(failed.isError, true);
    await eventually(
      async () => (await at.rest.ok('GET', `/api/stats?vmcp_id=${vmcp}`)).logs.length > 0,
    );
    const places = [
      failed,
      await at.shown(id),
      await at.rest.ok('GET', '/api/mcp-servers'),
      await at.rest.ok('GET', `/api/vmcps/${vmcp}/export`),
      await at.rest.ok('GET', `/api/stats?vmcp_id=${vmcp}`),
      await at.rest.ok('GET', '/api/secrets'),
      at.server.output,
      await secretsFile(),
    ].map((each) => JSON.stringify(each));
    assert(at.issuer.given.length > 0);
    for (const secret of at.issuer.given) for (const text of places) assert(!text.includes(secret));
    assert(places[0]?.includes('********'));
  });
});
