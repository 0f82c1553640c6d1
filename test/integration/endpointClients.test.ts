import assert from 'node:assert/strict';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('the MCP endpoint serves', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;
  let vmcpId: string;

  before(async () => {
    server = await startServer(suite);
    rest = new Rest(server.url, await server.adminToken());
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    await rest.connect(odd, everything);
    vmcpId = await rest.addVmcp('My tools', [odd, everything], {
      system_prompt: 'Be kind.',
      options: { tool_names: 'plain' },
    });
  });

  function raw(path = '/mcp/My%20tools'): RawClient {
    const client = new RawClient(server.url + path);
    cleanup.add(() => client.close());
    return client;
  }

  const echo = { name: 'echo', arguments: { message: 'hi' } };

  it('a vMCP under its id, its name in any case, and the older address', async () => {
    for (const path of [
      `/mcp/${vmcpId}`,
      '/mcp/My%20tools',
      '/mcp/my%20TOOLS',
      '/private/My%20tools/vmcp',
    ]) {
      const client = raw(path);
      const { instructions } = await client.initialize();
      assert.match(instructions, /^Be kind\./, path);
      assert(client.sessionId, path);
    }
  });

  it('requests without a session, from their headers alone', async () => {
    const client = raw();
    const { result } = await client.request('tools/list');
    assert(result.tools.length > 20);
    const answer = await client.request('tools/call', echo);
    assert.match(JSON.stringify(answer.result), /hi/);
    assert.deepEqual((await client.request('ping')).result, {});
    const withVersion = { headers: { 'mcp-protocol-version': '2025-06-18' } };
    assert((await client.request('prompts/list', undefined, withVersion)).result.prompts);
  });

  it('progress of a request without a session', async () => {
    const client = raw();
    const call = client.makeRequest('tools/call', {
      name: 'progress',
      _meta: { progressToken: 7 },
    });
    const { messages } = await client.post(call);
    assert.deepEqual(
      messages.map(({ id, params }) => id ?? params.progress),
      [1, 2, 3, call.id],
    );
  });

  it('batches of 2025-03-26, and refuses them in newer sessions', async () => {
    const client = raw();
    await client.initialize({ protocolVersion: '2025-03-26' });
    const batch = [
      client.makeRequest('ping'),
      client.makeRequest('tools/call', echo),
      { jsonrpc: '2.0', method: 'notifications/odd' },
      client.makeRequest('no/such/method'),
    ];
    const answer = await client.post(batch);
    assert.deepEqual(
      answer.messages.map(({ id }) => id).sort(),
      batch.flatMap((message) => ('id' in message ? [message.id] : [])).sort(),
    );
    assert.equal(answer.messages.filter(({ error }) => error).length, 1);

    const newer = raw();
    await newer.initialize({ protocolVersion: '2025-06-18' });
    const refused = await newer.post([newer.makeRequest('ping')]);
    assert.equal(refused.status, 400);
    assert(refused.messages[0]?.error);
  });

  for (const version of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    it(`revision ${version}`, async () => {
      const client = raw();
      assert.equal(
        (await client.initialize({ protocolVersion: version })).protocolVersion,
        version,
      );
      assert((await client.request('tools/list')).result.tools.length > 0);
    });
  }

  it('its own newest revision to a client that wants an unknown one', async () => {
    const { protocolVersion } = await raw().initialize({ protocolVersion: '2099-01-01' });
    assert.equal(protocolVersion, '2025-11-25');
  });

  it('clients of HTTP+SSE, questions and notifications included', async () => {
    const { client, questions, notifications } = await connectClient(
      cleanup,
      { sse: `${server.url}/mcp/My%20tools/sse` },
      {
        sampling: () => ({
          role: 'assistant',
          model: 'm',
          content: { type: 'text', text: 'from the old days' },
        }),
      },
    );
    assert((await client.listTools()).tools.length > 20);
    const progress: number[] = [];
    await client.callTool({ name: 'keepGoing', arguments: { ms: 350 } }, undefined, {
      onprogress: (each) => progress.push(each.progress),
    });
    assert.deepEqual(progress.slice(0, 2), [1, 2]); // the SDK may lose one that comes with the result
    const answer = await client.callTool({
      name: 'trigger-sampling-request',
      arguments: { prompt: 'hi' },
    });
    assert.match(JSON.stringify(answer.content), /from the old days/);
    assert.equal(questions.length, 1);
    await client.callTool({ name: 'changeTools' });
    await eventually(() =>
      notifications.some(({ method }) => method === 'notifications/tools/list_changed'),
    );
    await client.callTool({ name: 'echo' });
  });

  it('a list in pages whose cursors any session may use', async () => {
    const first = raw();
    await first.initialize();
    const { result } = await first.request('tools/list');
    if (result.nextCursor !== undefined) {
      const other = raw();
      await other.initialize();
      assert((await other.request('tools/list', { cursor: result.nextCursor })).result.tools);
    }
    const { error } = await first.request('tools/list', { cursor: 'made up' });
    assert.equal(error?.code, -32602);
  });

  it('ids of every kind, unchanged', async () => {
    const client = raw();
    await client.initialize();
    for (const id of [0, '0', -5, 'ä', 1.5, '']) {
      const { messages } = await client.post({ jsonrpc: '2.0', id, method: 'ping' });
      assert.deepEqual(messages, [{ jsonrpc: '2.0', id, result: {} }]);
    }
  });

  it('a session until it is deleted, and only under its own vMCP', async () => {
    const client = raw();
    await client.initialize();
    await rest.addVmcp('Another', []);
    const elsewhere = raw('/mcp/Another');
    elsewhere.sessionId = client.sessionId;
    assert.equal((await elsewhere.post(elsewhere.makeRequest('ping'))).status, 404);

    assert((await client.exchange('DELETE')).status < 300);
    assert.equal((await client.post(client.makeRequest('ping'))).status, 404);
    assert.equal((await client.exchange('DELETE')).status, 404);
  });

  it('a call before anything was listed, on a server that was never started', async () => {
    const id = await rest.addNodeServer('fresh', upstreams.odd);
    await rest.addVmcp('fresh', [id], { options: { tool_names: 'plain' } });
    const client = raw('/mcp/fresh');
    await client.initialize();
    const { result, error } = await client.request('tools/call', echo);
    assert.equal(error, undefined);
    assert.match(JSON.stringify(result), /hi/);
  });
});
