import { strict as assert } from 'node:assert';
import { createHmac } from 'node:crypto';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  },
};

describe('Access with tokens', function () {
  this.timeout(30_000);
  const cleanup = useCleanup(after);
  let server: TestServer;
  let admin: CheckedRest;
  let adminToken: string;
  let first: string;
  let second: string;

  before(async () => {
    server = await startServer(cleanup, { auth: 'token', env: { VMCP_LOG_LEVEL: 'debug' } });
    adminToken = await server.adminToken();
    admin = await CheckedRest.open(server.url, adminToken);
    first = await admin.addVmcp('first', []);
    second = await admin.addVmcp('second', []);
  });

  const status = async (
    path: string,
    { method = 'GET', body, token }: { method?: string; body?: object; token?: string } = {},
  ) => (await new Rest(server.url, token).send(method, path, body)).status;

  /** What an address answers to the first message of a client. */
  async function greet(path: string, headers: Record<string, string> = {}): Promise<number> {
    const client = new RawClient(server.url + path);
    cleanup.add(() => client.close());
    return (await client.exchange('POST', JSON.stringify(initialize), { headers })).status;
  }

  const newToken = async (vmcp_id: string | null): Promise<string> =>
    (await admin.ok('POST', '/api/admin/client-tokens', { name: 'a client', vmcp_id })).token;

  it('answers /health to everyone, with a proof that it holds the admin token', async () => {
    const open = new Rest(server.url);
    const { proof } = await open.ok('GET', '/health?nonce=abc');
    assert.equal(proof, createHmac('sha256', adminToken).update('abc').digest('hex'));
    assert.equal(await status(`/health?nonce=${'x'.repeat(257)}`), 400);
  });

  it('answers everything else with 404 without the admin token, never with 401 or 403', async () => {
    const addresses: [string, string][] = [
      ['GET', '/'],
      ['GET', '/api/vmcps'],
      ['POST', '/api/vmcps'],
      ['GET', '/api/openapi.json'],
      ['GET', '/api/nothing'],
      ['PATCH', '/api/vmcps'],
      ['GET', `/api/vmcps/${first}/endpoint`],
      ['POST', '/api/admin/stop'],
      ['POST', `/mcp/${first}`],
      ['POST', '/mcp/first'],
      ['POST', '/mcp/none'],
      ['GET', '/mcp/first/sse'],
      ['POST', '/private/first/vmcp'],
      ['POST', '/t/wrong/mcp/first'],
    ];
    const clientToken = await newToken(null);
    const answers = new Set<string>();
    for (const [method, path] of addresses) {
      for (const token of [undefined, 'wrong', adminToken.slice(1), clientToken]) {
        const answer = await new Rest(server.url, token).send(
          method,
          path,
          method === 'GET' ? undefined : {},
        );
        assert.equal(answer.status, 404, `${method} ${path}`);
        answers.add(JSON.stringify(answer.body));
      }
    }
    assert.equal(answers.size, 1, 'the answers tell addresses apart');
  });

  it('opens REST and MCP addresses with the admin token', async () => {
    assert.equal(await status('/api/vmcps', { token: adminToken }), 200);
    const headers = { authorization: `Bearer ${adminToken}` };
    assert.equal(await greet('/mcp/first', headers), 200);
    assert.equal(await greet('/private/first/vmcp', headers), 200);
    assert.equal(await greet('/mcp/none', headers), 404);
  });

  it('opens MCP addresses, and nothing else, with a client token', async () => {
    const token = await newToken(null);
    assert.equal(await greet(`/t/${token}/mcp/first`), 200);
    assert.equal(await greet(`/t/${token}/mcp/SECOND`), 200);
    assert.equal(await greet(`/t/${token}/private/first/vmcp`), 200);
    assert.equal(await greet(`/t/${token}/mcp/none`), 404);
    for (const path of ['/api/vmcps', `/t/${token}/api/vmcps`, `/t/${token}/`, `/t/${token}/ws`]) {
      assert.equal(await status(path, { token }), 404, path);
    }
    assert.equal(await greet('/mcp/first', { authorization: `Bearer ${token}` }), 404);
    assert.equal(await greet(`/t/${adminToken}/mcp/first`), 404);
    assert.equal(await greet(`/t/${token.slice(0, -1)}/mcp/first`), 404);
  });

  it('opens only its own vMCP with a token that is bound to one', async () => {
    const token = await newToken(first);
    assert.equal(await greet(`/t/${token}/mcp/first`), 200);
    assert.equal(await greet(`/t/${token}/mcp/${first}`), 200);
    assert.equal(await greet(`/t/${token}/mcp/second`), 404);
    const body = { name: 'x', vmcp_id: 'vmcp_none' };
    assert.equal((await admin.send('POST', '/api/admin/client-tokens', body)).status, 404);
  });

  it('gives out one lasting address with a token of its own for each vMCP', async () => {
    const path = `/api/vmcps/${second}/endpoint`;
    const [one, two] = await Promise.all([admin.ok('GET', path), admin.ok('GET', path)]);
    assert.equal(one.url, two.url);
    assert.doesNotMatch(JSON.stringify(one), new RegExp(adminToken));
    const address = new URL(one.url).pathname;
    assert.equal(await greet(address), 200);
    assert.equal(await greet(address.replace(second, first)), 404);
    await server.restart();
    assert.equal(await greet(address), 200);
    assert.notEqual(await server.adminToken(), adminToken);
    adminToken = await server.adminToken();
    admin = await CheckedRest.open(server.url, adminToken);
    assert.equal((await admin.ok('GET', path)).url, one.url);
  });

  it('closes the addresses of a vMCP that is deleted', async () => {
    const gone = await admin.addVmcp('gone', []);
    const address = new URL((await admin.ok('GET', `/api/vmcps/${gone}/endpoint`)).url).pathname;
    assert.equal(await greet(address), 200);
    await admin.ok('DELETE', `/api/vmcps/${gone}`);
    assert.equal(await greet(address), 404);
    await admin.addVmcp('gone', []);
    assert.equal(await greet(address.replace(gone, 'gone')), 404);
  });

  it('takes requests of pages whose origin is allowed, and follows that setting at once', async () => {
    const origin = 'https://app.example';
    const headers = { origin, authorization: `Bearer ${adminToken}` };
    assert.equal(await greet('/mcp/first', headers), 403);
    await admin.ok('POST', '/api/admin/settings', { allowedOrigins: [origin] });
    assert.equal(await greet('/mcp/first', headers), 200);
    assert.equal(await greet('/mcp/first', { ...headers, origin: 'https://other.example' }), 403);
    await admin.ok('POST', '/api/admin/settings', { allowedOrigins: [] });
    assert.equal(await greet('/mcp/first', headers), 403);
  });

  it('can be switched off and on again; what administers stays closed', async () => {
    await admin.ok('POST', '/api/admin/settings', { authentication: 'none' });
    assert.equal(await status('/api/vmcps'), 200);
    assert.equal(await greet('/mcp/first'), 200);
    assert.equal(await status('/api/admin/settings', { method: 'POST', body: {} }), 404);
    const { url } = await admin.ok('GET', `/api/vmcps/${first}/endpoint`);
    assert.equal(url, `${server.url}/mcp/${first}`);
    await admin.ok('POST', '/api/admin/settings', { authentication: 'token' });
    assert.equal(await status('/api/vmcps'), 404);
  });

  it('refuses settings and keys that are none', async () => {
    const send = async (path: string, body: object) =>
      (await admin.send('POST', `/api/admin/${path}`, body)).status;
    assert.equal(await send('settings', { logLevel: 'loud' }), 400);
    assert.equal(await send('settings', { colour: 'red' }), 400);
    assert.equal(await send('secrets-key', { key: 'AAAA' }), 400);
    assert.equal(await send('secrets-key', { key: '%' }), 400);
  });

  it('writes no token into its log', async () => {
    const token = await newToken(null);
    await greet(`/t/${token}/mcp/first`);
    await greet(`/t/${token}/mcp/none`);
    await status(`/t/${token}/nothing`);
    for (const secret of [token, adminToken]) assert.ok(!server.output.includes(secret));
  });

  it('ends when it is told to', async () => {
    const answer = await admin.send('POST', '/api/admin/stop', { successor: true });
    assert.equal(answer.status, 202);
    assert.deepEqual(await server.exited, { code: 0, signal: null });
  });
});
