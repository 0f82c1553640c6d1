import assert from 'node:assert/strict';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient, type RecordingClient } from '../support/mcpClient.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('notifications', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;
  let oddId: string;

  before(async () => {
    server = await startServer(suite);
    rest = new Rest(server.url, await server.adminToken());
    oddId = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(oddId);
    await rest.addVmcp('odd', [oddId], { options: { tool_names: 'plain' } });
  });

  const connect = () => connectClient(cleanup, { http: `${server.url}/mcp/odd` });
  const call = ({ client }: RecordingClient, name: string, args = {}) =>
    client.callTool({ name, arguments: args });
  const textOf = (result: object) => (result as { content: [{ text: string }] }).content[0].text;

  it('of cancelling reach the server at once, and end the call', async () => {
    const { client } = await connect();
    const stop = new AbortController();
    const hanging = client.callTool({ name: 'hang' }, undefined, { signal: stop.signal });
    hanging.catch(() => {}); // it ends by being cancelled
    const cancelled = async () => JSON.parse(textOf(await client.callTool({ name: 'cancelled' })));
    const before = (await cancelled()).length;
    stop.abort('enough');
    await assert.rejects(hanging);
    const all = await eventually(async () => {
      const now = await cancelled();
      return now.length > before && now;
    });
    assert.equal(all.length, before + 1);
  });

  it('of progress keep the token of the client, and its type, and all their fields', async () => {
    const raw = new RawClient(`${server.url}/mcp/odd`);
    cleanup.add(() => raw.close());
    await raw.initialize();
    for (const progressToken of [0, '0', 'a token']) {
      const request = raw.makeRequest('tools/call', { name: 'progress', _meta: { progressToken } });
      const { messages } = await raw.post(request);
      assert.deepEqual(
        messages.slice(0, 3).map(({ params }) => params),
        [1, 2, 3].map((step) => ({ progressToken, progress: step, x: step })),
      );
      assert.equal(messages[3]?.id, request.id);
      assert.equal(messages.length, 4);
    }
  });

  it('of changed tools reach every client, and what is listed then is new', async () => {
    const clients = [await connect(), await connect()];
    const [first] = clients;
    assert(first);
    const before = (await first.client.listTools()).tools.length;
    await call(first, 'changeTools');
    for (const recording of clients) {
      await eventually(() => recording.of('notifications/tools/list_changed').length > 0);
    }
    assert.equal((await first.client.listTools()).tools.length, 1);
    await rest.ok('POST', `/api/mcp-servers/${oddId}/disconnect`);
    await rest.connect(oddId); // a new process, which has them all again
    await eventually(async () => (await first.client.listTools()).tools.length === before);
  });

  it('of changed tools come when the vMCP is edited', async () => {
    const recording = await connect();
    const [vmcp] = await rest.ok('GET', '/api/vmcps');
    const only = (tools: unknown) =>
      rest.ok('PUT', `/api/vmcps/${vmcp.vmcp_id}`, { mcp_servers: [{ server_id: oddId, tools }] });
    await only(['echo']);
    await eventually(() => recording.of('notifications/tools/list_changed').length === 1);
    assert.deepEqual(
      (await recording.client.listTools()).tools.map(({ name }) => name),
      ['echo'],
    );
    await assert.rejects(call(recording, 'sleep', { ms: 1 }), /sleep/);
    await only('all');
    await eventually(() => recording.of('notifications/tools/list_changed').length === 2);
  });

  it('of log messages go to the sessions that want their level', async () => {
    const [debug, error] = [await connect(), await connect()];
    await debug.client.setLoggingLevel('debug');
    await error.client.setLoggingLevel('error');
    await call(debug, 'log', { data: 'for those who listen' });
    await eventually(() => debug.of('notifications/message').length > 0);
    assert.deepEqual(debug.of('notifications/message'), [
      { level: 'info', data: 'for those who listen' },
    ]);
    assert.deepEqual(error.of('notifications/message'), []);
    assert.match(textOf(await call(debug, 'levels')), /debug/);
  });

  it('of resources reach their subscribers only, and none after unsubscribing', async () => {
    const [subscriber, other] = [await connect(), await connect()];
    const uri = 'odd://one';
    const update = () =>
      call(other, 'notify', { method: 'notifications/resources/updated', params: { uri, x: 1 } });
    await subscriber.client.subscribeResource({ uri });
    await update();
    await eventually(() => subscriber.of('notifications/resources/updated').length === 1);
    assert.deepEqual(subscriber.of('notifications/resources/updated'), [{ uri, x: 1 }]);
    await subscriber.client.unsubscribeResource({ uri });
    await update();
    await subscriber.client.ping();
    assert.equal(subscriber.of('notifications/resources/updated').length, 1);
    assert.deepEqual(other.of('notifications/resources/updated'), []);
    assert.deepEqual(JSON.parse(textOf(await call(other, 'subscribed'))), [`+${uri}`, `-${uri}`]);
  });

  it('that nobody here knows pass as they are', async () => {
    const recording = await connect();
    await call(recording, 'notify', {
      method: 'notifications/odd/news',
      params: { deep: [1, null] },
    });
    await eventually(() => recording.of('notifications/odd/news').length > 0);
    assert.deepEqual(recording.of('notifications/odd/news'), [{ deep: [1, null] }]);
  });

  it('and results keep fields that nobody here knows', async () => {
    const raw = new RawClient(`${server.url}/mcp/odd`);
    cleanup.add(() => raw.close());
    await raw.initialize();
    const { result } = await raw.request('tools/call', {
      name: 'echo',
      arguments: { a: 1 },
      'x-more': { b: [2] },
      _meta: { 'example.com/trace': 'kept' },
    });
    assert.deepEqual(result['x-unknown'], { deep: [1, null] });
    const upstream = JSON.parse(result.content[0].text);
    assert.deepEqual(upstream.params['x-more'], { b: [2] });
    assert.equal(upstream.params._meta['example.com/trace'], 'kept');
    const { result: list } = await raw.request('tools/list');
    assert(list.tools.every((tool: { 'x-unknown'?: string }) => tool['x-unknown'] !== undefined));
  });
});
