import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonValue } from '../../src/contract/json.ts';
import { useCleanup } from '../support/cleanup.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('a server that misbehaves', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;

  before(async () => {
    server = await startServer(suite);
    rest = new Rest(server.url, await server.adminToken());
    await rest.addVmcp('healthy', [await rest.addNodeServer('healthy', upstreams.odd)], {
      options: { tool_names: 'plain' },
    });
  });

  afterEach('leaves the others alone', async () => {
    const client = new RawClient(`${server.url}/mcp/healthy`);
    cleanup.add(() => client.close());
    await client.request('tools/list');
    const { result } = await client.request('tools/call', { name: 'echo' });
    assert.match(JSON.stringify(result), /echo/);
  });

  /** A session with a vMCP of one server, named like the vMCP. */
  async function connect(name: string, serverId: string): Promise<RawClient> {
    await rest.addVmcp(name, [serverId], { options: { tool_names: 'plain' } });
    const client = new RawClient(`${server.url}/mcp/${encodeURIComponent(name)}`);
    cleanup.add(() => client.close());
    await client.initialize();
    await client.request('tools/list');
    return client;
  }

  const oddServer = (name: string, args: string[] = [], more: Record<string, JsonValue> = {}) =>
    rest.addNodeServer(name, upstreams.odd, args, more);

  /** The text of a result that says that the call failed. */
  async function failure(client: RawClient, name: string, args = {}): Promise<string> {
    const { result, error } = await client.request('tools/call', { name, arguments: args });
    assert.equal(error, undefined);
    assert.equal(result.isError, true);
    return result.content[0].text;
  }

  async function callWorks(client: RawClient): Promise<void> {
    const { result } = await client.request('tools/call', { name: 'echo' });
    assert.notEqual(result.isError, true);
  }

  it('by crashing in the middle of a call: that call fails, the next one starts it again', async () => {
    const client = await connect('crashes', await oddServer('crashes'));
    const [text, slept] = await Promise.all([
      failure(client, 'crash'),
      failure(client, 'sleep', { ms: 5_000 }),
    ]);
    assert.match(text, /crashes/);
    assert.match(text, /segmentation of something|code 3/);
    assert.match(slept, /crashes/);
    await callWorks(client);
  });

  it('by answering 100 MB: that call fails, the ones beside it do not', async () => {
    const client = await connect('shouts', await oddServer('shouts'));
    const [text, beside] = await Promise.all([
      failure(client, 'huge', { bytes: 100 * 1024 * 1024 }),
      client.request('tools/call', { name: 'sleep', arguments: { ms: 100 } }),
    ]);
    assert.match(text, /shouts/);
    assert.match(text, /64|large|big/i);
    assert.notEqual(beside.result.isError, true);
    await callWorks(client);
  });

  it('by answering 10 MB is all right', async () => {
    const client = await connect('tells much', await oddServer('tells much'));
    const bytes = 10 * 1024 * 1024;
    const { result } = await client.request('tools/call', { name: 'huge', arguments: { bytes } });
    assert(result.content[0].text.length > bytes - 1_000);
  });

  it('by hanging: the call fails after its time limit, and is cancelled', async () => {
    const client = await connect('hangs', await oddServer('hangs', [], { call_timeout_s: 1 }));
    const began = performance.now();
    const text = await failure(client, 'hang');
    assert(performance.now() - began < 4_000);
    assert.match(text, /hangs/);
    assert.match(text, /1 s|time/i);
    const { result } = await client.request('tools/call', { name: 'cancelled' });
    assert.equal(JSON.parse(result.content[0].text).length, 1);
  });

  it('by taking long while it reports progress is all right', async () => {
    const client = await connect(
      'takes time',
      await oddServer('takes time', [], { call_timeout_s: 1 }),
    );
    const { result } = await client.request('tools/call', {
      name: 'keepGoing',
      arguments: { ms: 2_000 },
    });
    assert.notEqual(result.isError, true);
  });

  it('by printing garbage between its messages is understood nevertheless', async () => {
    const client = await connect('babbles', await oddServer('babbles', ['--garbage']));
    const { result } = await client.request('tools/call', { name: 'garbage' });
    assert.equal(result.content[0].text, 'clean');
  });

  it('by listing nonsense shows what can be understood', async () => {
    const client = await connect('odd items', await oddServer('odd items', ['--odd-items']));
    const { result } = await client.request('tools/list');
    assert(result.tools.length >= 2);
    await callWorks(client);
  });

  it('by ending at its start: list empty in time, call fails with what it said', async () => {
    const id = await oddServer('stillborn', ['--exit-at-start']);
    const began = performance.now();
    const client = await connect('stillborn', id);
    assert(performance.now() - began < 6_500);
    assert.deepEqual((await client.request('tools/list')).result.tools, []);
    const answer = await rest.send('POST', `/api/mcp-servers/${id}/connect`);
    assert.equal(answer.status, 500);
    assert.match(answer.body.detail + answer.body.error, /cannot find my configuration/);
    const shown = await rest.ok('GET', `/api/mcp-servers/${id}`);
    assert.equal(shown.status, 'error');
    assert.match(shown.last_error, /stillborn/);
  });

  it('by not being there: the error names the command', async () => {
    const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
      name: 'absent',
      transport_type: 'stdio',
      config: { command: 'no-such-program-anywhere' },
    });
    const answer = await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
    assert.equal(answer.status, 500);
    assert.match(answer.body.error + answer.body.detail, /absent/);
    assert.match(answer.body.error + answer.body.detail, /no-such-program-anywhere/);
  });

  for (const [what, listener] of [
    ['a web page', (_, response) => response.end('<html>hello</html>')],
    ['an error 500', (_, response) => response.writeHead(500).end('{"oops":')],
    [
      'an event stream without events',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
      },
    ],
    [
      'broken JSON',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":');
      },
    ],
    ['a cut connection', (request) => request.socket.destroy()],
  ] satisfies Array<[string, RequestListener]>) {
    it(`over HTTP by answering with ${what}: the error names server and address`, async () => {
      const http = createServer(listener).listen(0, '127.0.0.1');
      cleanup.add(() => {
        http.close();
        http.closeAllConnections();
      });
      await once(http, 'listening');
      const { port } = http.address() as AddressInfo;
      const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
        name: `answers ${port}`,
        transport_type: 'http',
        config: { url: `http://127.0.0.1:${port}/mcp` },
      });
      const answer = await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
      assert.equal(answer.status, 500);
      assert.match(`${answer.body.error} ${answer.body.detail}`, new RegExp(`answers ${port}`));
      assert((await rest.ok('GET', `/api/mcp-servers/${server_id}`)).last_error);
    });
  }
});
