import assert from 'node:assert/strict';
import { agree, linkIn, signIn } from '../fixtures/oauth/browser.ts';
import { type SignIns, useSignIns } from '../fixtures/oauth/signIns.ts';
import { eventually } from '../support/eventually.ts';
import { CheckedRest } from '../support/openapi.ts';
import { RawClient } from '../support/rawHttp.ts';
import { startServer } from '../support/server.ts';

describe('Signing in does not trust', function () {
  this.timeout(60_000);
  const setup = useSignIns();
  let at: SignIns;

  beforeEach(() => {
    at = setup();
  });

  const signedIn = async (id: string) => (await at.shown(id)).signed_in !== null;
  /** What stands in the way of a sign-in. */
  const refusal = async (id: string): Promise<string> => {
    const { status, body } = await at.begin(id);
    assert(status >= 400, JSON.stringify(body));
    return JSON.stringify(body);
  };
  /** A client of the user's, whose answers come to the server's own port. */
  const addKept = async (): Promise<string> => {
    at.issuer.addClient('mine', `${at.server.url}/oauth/callback`);
    return at.add({ auth: { type: 'oauth', client_id: 'mine' } });
  };

  it('answers whose state is unknown, forged or used', async () => {
    const id = await addKept();
    const back = await agree(await at.linkOf(id));
    const get = async (url: URL | string) => (await fetch(url)).status;
    assert.equal(await get(`${at.server.url}/oauth/callback`), 400);
    assert.equal(await get(`${at.server.url}/oauth/callback?code=x&state=constructor`), 400);
    const forged = new URL(back);
    forged.searchParams.set('state', 'A'.repeat(43));
    assert.equal(await get(forged), 400);
    assert.equal(await signedIn(id), false);
    assert.equal(await get(back), 200);
    assert.equal(await get(back), 400, 'a second time');
    assert.equal(at.issuer.counts.codes, 1);
  });

  it('an answer at the listener of another sign-in', async () => {
    const [one, two, kept] = [await at.add(), await at.add(), await addKept()];
    const backs = await Promise.all([one, two, kept].map(async (id) => agree(await at.linkOf(id))));
    const [first, second, third] = backs as [URL, URL, URL];
    assert.notEqual(first.port, second.port);
    for (const [place, of] of [
      [first, second],
      [first, third],
      [third, first],
    ] as const) {
      const crossed = new URL(place);
      crossed.search = of.search;
      assert.equal((await fetch(crossed)).status, 400);
    }
    const { signed_in } = await at.admin.ok('POST', '/api/oauth/answer', { query: first.search });
    assert.equal(signed_in, false);
    for (const back of backs) assert.equal((await fetch(back)).status, 200, 'its own still counts');
  });

  it('what an authorization server says of a failure', async () => {
    const id = await addKept();
    const back = await agree(await at.linkOf(id));
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    back.searchParams.set('error_description', `<script>alert("x")</script>${'long '.repeat(500)}`);
    const answer = await fetch(back);
    const page = await answer.text();
    assert.equal(answer.status, 400);
    assert(page.includes('access_denied: &#60;script&#62;'));
    assert(!page.includes('<script'));
    assert(page.length < 1000);
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal(await signedIn(id), false);
  });

  it('other methods, hosts and addresses', async () => {
    const ids = [await at.add(), await addKept()];
    for (const id of ids) {
      const back = await agree(await at.linkOf(id));
      const { status } = await fetch(back, { method: 'POST' });
      assert([404, 405].includes(status), String(status));
      const raw = new RawClient(back.href);
      at.cleanup.add(() => raw.close());
      const host = await raw.open('GET', undefined, {
        headers: { host: `evil.example:${back.port}` },
      });
      host.resume();
      assert([403, 404].includes(host.statusCode ?? 0));
      for (const odd of ['//', '/callback/..%2f', '/%00']) {
        const other = await fetch(`${back.origin}${odd}`);
        assert(other.status < 500, `${odd} ${other.status}`);
      }
      assert.equal((await fetch(back)).status, 200);
    }
  });

  it('authorization servers at addresses of metadata services, or without HTTPS', async () => {
    const id = await at.add();
    for (const url of [
      'http://169.254.169.254',
      'https://169.254.169.254',
      'http://auth.example',
    ]) {
      at.remote.metadata = { authorization_servers: [url] };
      assert.match(await refusal(id), /metadata address|not reached by HTTPS/);
    }
    at.remote.metadata = {};
    for (const token_endpoint of ['http://169.254.169.254/t', 'http://auth.example/t']) {
      at.issuer.metadata = { token_endpoint };
      const { page } = await signIn(await at.linkOf(id));
      assert.match(page, /metadata address|not reached by HTTPS/);
    }
    for (const registration_endpoint of ['http://[fe80::1]/r', 'ftp://auth.example/r']) {
      const other = await at.add();
      at.issuer.metadata = { registration_endpoint };
      await refusal(other);
    }
  });

  it('links that are none for browsers', async () => {
    const id = await at.add();
    const links = ['javascript:alert(1)', 'vscode://file/etc/passwd', 'http://evil.example/a'];
    for (const authorization_endpoint of [...links, `${at.issuer.url}/${'a'.repeat(9000)}`]) {
      at.issuer.metadata = { authorization_endpoint };
      await refusal(id);
    }
  });

  it('an authorization server that calls itself another, or answers for one (mix-up)', async () => {
    const id = await addKept();
    at.issuer.metadata = { issuer: 'https://accounts.example' };
    assert.match(await refusal(id), /says that it is https:\/\/accounts.example/);
    at.issuer.metadata = { authorization_response_iss_parameter_supported: true };
    assert.match(
      (await signIn(await at.linkOf(id))).page,
      /does not say which authorization server/,
    );
    at.issuer.answerWith = { iss: 'https://accounts.example' };
    assert.match((await signIn(await at.linkOf(id))).page, /another authorization server/);
    at.issuer.metadata = {};
    assert.match((await signIn(await at.linkOf(id))).page, /another authorization server/);
    assert.equal(await signedIn(id), false);
    at.issuer.answerWith = { iss: at.issuer.url };
    assert.equal((await signIn(await at.linkOf(id))).status, 200);
  });

  it('a server that wants tokens for another address', async () => {
    const id = await at.add();
    at.remote.metadata = { resource: 'https://other.example/mcp' };
    assert.match(await refusal(id), /does not match/);
  });

  it('metadata without end', async () => {
    const id = await at.add();
    at.issuer.metadata = { scopes_supported: ['x'.repeat(400_000)] };
    await refusal(id);
    at.issuer.metadata = {};
    at.remote.metadata = { scopes_supported: ['x'.repeat(400_000)] };
    await refusal(id);
  });

  it('a flood of sign-ins', async () => {
    const id = await addKept();
    const links: string[] = [];
    for (let count = 0; count < 6; count++) {
      const { body } = await at.begin(id, {
        redirect_uri: `${at.server.url}/oauth/callback?${count}`,
      });
      links.push(body.authorization_url);
    }
    assert.equal(new Set(links).size, 6);
    const state = (link: string | undefined) => new URL(link ?? '').searchParams.get('state') ?? '';
    const answer = (link: string | undefined) =>
      at.admin.ok('POST', '/api/oauth/answer', { query: `error=stop&state=${state(link)}` });
    const taken = () => at.server.output.split('reason=stop').length - 1;
    for (const link of links) await answer(link);
    assert.equal(taken(), 4, 'the oldest ones gave way');
  });

  it('addresses of return that run code', async () => {
    const id = await addKept();
    const { status } = await at.begin(id, { redirect_uri: 'javascript:alert(1)' });
    assert.equal(status, 400);
  });

  it('a store whose key is missing: the server is locked', async () => {
    const locked = await startServer(at.cleanup, {
      args: ['--secrets-key', 'window'],
      auth: 'token',
    });
    const token = await locked.adminToken();
    let user = await CheckedRest.open(locked.url, token);
    const key = Buffer.alloc(32, 7).toString('base64');
    await user.ok('POST', '/api/admin/secrets-key', { key });
    const { server_id } = await user.ok('POST', '/api/mcp-servers', {
      name: 'safe',
      transport_type: 'http',
      config: { url: at.remote.url },
    });
    const first = await user.send('POST', `/api/mcp-servers/${server_id}/connect`);
    assert.equal((await signIn(linkIn(first.body))).status, 200);
    await locked.restart();
    user = await CheckedRest.open(locked.url, await locked.adminToken());
    const path = `/api/mcp-servers/${server_id}`;
    const { body } = await user.send('POST', `${path}/connect`);
    assert.match(JSON.stringify(body), /locked until VS Code/);
    const shown = await user.ok('GET', path);
    assert.deepEqual([shown.status, shown.signed_in], ['locked', null]);
    for (const what of ['sign-in', 'sign-out']) {
      assert.match(JSON.stringify((await user.send('POST', `${path}/${what}`, {})).body), /locked/);
    }
    await user.ok('POST', '/api/admin/secrets-key', { key });
    await eventually(async () => (await user.send('POST', `${path}/connect`)).status === 200);
  });
});
