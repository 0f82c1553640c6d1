import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { request } from 'node:http';
import { useCleanup } from '../support/cleanup.ts';
import { connectClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('Client tokens', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: CheckedRest;
  let vmcp: string;
  let other: string;

  before(async () => {
    server = await startServer(cleanup, { auth: 'token' });
    await open();
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    vmcp = await rest.addVmcp('one', [odd]);
    other = await rest.addVmcp('other', []);
  });

  async function open(): Promise<void> {
    rest = await CheckedRest.open(server.url, await server.adminToken());
  }

  const create = (name: string, vmcp_id: string | null) =>
    rest.ok('POST', '/api/admin/client-tokens', { name, vmcp_id });
  const list = async () => {
    const tokens: { token_id: string; name: string; last_used: string | null }[] = await rest.ok(
      'GET',
      '/api/admin/client-tokens',
    );
    return tokens;
  };
  const address = (token: string, id: string) => `${server.url}/t/${token}/mcp/${id}`;
  const statusOf = async (token: string, id: string) => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    return (await new Rest(address(token, id)).send('POST', '', ping)).status;
  };

  it('open the vMCP that they are for, or all, and are listed with their last use', async () => {
    const bound = await create('bound', vmcp);
    const free = await create('free', null);
    assert.equal(await statusOf(bound.token, vmcp), 200);
    assert.equal(await statusOf(bound.token, other), 404);
    assert.equal(await statusOf(free.token, vmcp), 200);
    assert.equal(await statusOf(free.token, other), 200);
    const unused = await create('unused', null);
    const used = new Map((await list()).map(({ name, last_used }) => [name, last_used]));
    assert.ok(used.get('bound') && Date.now() - Date.parse(used.get('bound') ?? '') < 60_000);
    assert.equal(used.get('unused'), null);
    await rest.ok('DELETE', `/api/admin/client-tokens/${unused.token_id}`);
    assert.equal(
      (await list()).some(({ name }) => name === 'unused'),
      false,
    );
    const again = `/api/admin/client-tokens/${unused.token_id}`;
    assert.equal((await rest.send('DELETE', again)).status, 404);
  });

  it('open neither their own list nor anything else of the administrator', async () => {
    const { token, token_id } = await create('curious', null);
    const curious = new Rest(server.url, token);
    assert.equal((await curious.send('GET', '/api/admin/client-tokens')).status, 404);
    assert.equal((await curious.send('GET', '/api/vmcps')).status, 404);
    const path = `/api/admin/client-tokens/${token_id}`;
    assert.equal((await curious.send('DELETE', path)).status, 404);
  });

  it('that are withdrawn end what they have opened at once: sessions, streams, calls', async () => {
    const { token, token_id } = await create('leaving', vmcp);
    const stays = await create('staying', vmcp);
    const { client } = await connectClient(cleanup, { http: address(token, vmcp) });
    const staying = await connectClient(cleanup, { http: address(stays.token, vmcp) });
    await client.listTools();
    const legacy = request(`${address(token, vmcp)}/sse`).end();
    const [stream] = await once(legacy, 'response');
    stream.resume();
    const streamEnded = once(stream, 'close');
    stream.on('error', () => undefined);
    const call = client.callTool({ name: 'odd_hang', arguments: {} });
    const failed = assert.rejects(call);
    await rest.ok('DELETE', `/api/admin/client-tokens/${token_id}`);
    await Promise.all([failed, streamEnded]);
    await assert.rejects(client.listTools());
    assert.equal(await statusOf(token, vmcp), 404);
    assert.ok((await staying.client.listTools()).tools.length > 0);
  });

  it('that are withdrawn stay so, and others work, after a restart', async () => {
    const kept = await create('kept', vmcp);
    const gone = await create('gone', vmcp);
    await rest.ok('DELETE', `/api/admin/client-tokens/${gone.token_id}`);
    await server.restart();
    await open();
    assert.equal(await statusOf(kept.token, vmcp), 200);
    assert.equal(await statusOf(gone.token, vmcp), 404);
  });

  it("of a vMCP's own address make place for another one when they are withdrawn", async () => {
    const { url } = await rest.ok('GET', `/api/vmcps/${vmcp}/endpoint`);
    const own = (await list()).find((each) => url.includes((each as { token?: string }).token));
    assert.ok(own);
    await rest.ok('DELETE', `/api/admin/client-tokens/${own.token_id}`);
    const next = await rest.ok('GET', `/api/vmcps/${vmcp}/endpoint`);
    assert.notEqual(next.url, url);
  });
});
