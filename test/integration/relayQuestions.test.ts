import assert from 'node:assert/strict';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient, type RecordingClient } from '../support/mcpClient.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('questions of a server', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;

  before(async () => {
    server = await startServer(suite);
    const rest = new Rest(server.url, await server.adminToken());
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(everything, odd);
    const options = { options: { tool_names: 'plain' } };
    await rest.addVmcp('all', [everything], options);
    await rest.addVmcp('odd', [odd], options);
  });

  /** A client that answers every question with its own name. */
  function connect(vmcp: string, name: string): Promise<RecordingClient> {
    return connectClient(
      cleanup,
      { http: `${server.url}/mcp/${vmcp}` },
      {
        name,
        roots: [`file:///${name}`],
        sampling: () => ({
          role: 'assistant',
          model: name,
          content: { type: 'text', text: `sampled by ${name}` },
        }),
        elicitation: () => ({ action: 'accept', content: { name } }),
      },
    );
  }

  const answerOf = async ({ client }: RecordingClient, name: string, args = {}) =>
    JSON.stringify((await client.callTool({ name, arguments: args })).content);

  it('reach only the client whose call raised them, even where nobody knew that the server asks', async () => {
    const names = ['Ada', 'Bob'];
    const clients = await Promise.all(names.map((name) => connect('all', name)));
    const texts = await Promise.all(
      clients.map((client) => answerOf(client, 'trigger-sampling-request', { prompt: 'hi' })),
    );
    for (const [i, text] of texts.entries()) {
      assert.match(text, new RegExp(`sampled by ${names[i]}|could belong to calls of several`));
    }
  });

  it('reach the client whose call raised them, however many call at once', async () => {
    const names = ['Ada', 'Bob', 'Cyd'];
    const clients = await Promise.all(names.map((name) => connect('all', name)));
    const rounds = [1, 2, 3, 4].flatMap(() => clients.map((client, i) => ({ client, i })));
    await Promise.all(
      rounds.map(async ({ client, i }) => {
        const own = new RegExp(`sampled by ${names[i]}`);
        assert.match(await answerOf(client, 'trigger-sampling-request', { prompt: 'hi' }), own);
        const name = new RegExp(`${names[i]}`);
        assert.match(await answerOf(client, 'trigger-elicitation-request'), name);
      }),
    );
    for (const { questions } of clients) {
      const asked = questions.map(({ method }) => method).filter((each) => each !== 'roots/list');
      assert.equal(asked.filter((method) => method === 'sampling/createMessage').length, 4);
      assert.equal(asked.filter((method) => method === 'elicitation/create').length, 4);
    }
  });

  it('show each client its own roots', async () => {
    const clients = await Promise.all(['Dan', 'Eve'].map((name) => connect('all', name)));
    const [first, second] = await Promise.all(
      clients.map((client) => answerOf(client, 'get-roots-list')),
    );
    assert.match(first ?? '', /file:\/\/\/Dan/);
    assert.doesNotMatch(first ?? '', /Eve/);
    assert.match(second ?? '', /file:\/\/\/Eve/);
    assert.doesNotMatch(second ?? '', /Dan/);
  });

  it('of a kind that the client did not declare are refused at once', async () => {
    const client = await connectClient(cleanup, { http: `${server.url}/mcp/odd` });
    const began = performance.now();
    const text = await answerOf(client, 'ask', {
      method: 'sampling/createMessage',
      params: { messages: [], maxTokens: 1 },
    });
    assert.match(text, new RegExp(`${ErrorCode.MethodNotFound}`));
    assert(performance.now() - began < 2_000);
  });

  it('that the client refuses are answered with its error', async () => {
    const client = await connectClient(
      cleanup,
      { http: `${server.url}/mcp/odd` },
      {
        elicitation: () => {
          throw new McpError(-32099, 'not today', { why: 'busy' });
        },
      },
    );
    const text = await answerOf(client, 'ask', {
      method: 'elicitation/create',
      params: { mode: 'form', message: 'hi', requestedSchema: { type: 'object', properties: {} } },
    });
    assert.match(text, /-32099/);
    assert.match(text, /not today/);
    assert.match(text, /busy/);
  });

  it('whose client has gone are answered with an error, so that the server is free again', async () => {
    let asked = false;
    const leaving = await connectClient(
      cleanup,
      { http: `${server.url}/mcp/odd` },
      {
        elicitation: () => {
          asked = true;
          return new Promise(() => {});
        },
      },
    );
    const params = {
      mode: 'form',
      message: 'hi',
      requestedSchema: { type: 'object', properties: {} },
    };
    const call = leaving.client.callTool({
      name: 'ask',
      arguments: { method: 'elicitation/create', params },
    });
    call.catch(() => {}); // it ends with its client
    await eventually(() => asked);
    const { transport } = leaving;
    if ('terminateSession' in transport) {
      await (transport.terminateSession as () => Promise<void>)();
    }
    await leaving.client.close();

    const next = await connect('odd', 'Next');
    assert.match(await answerOf(next, 'ask', { method: 'elicitation/create', params }), /Next/);
  });

  it('that belong to no call: ping and roots are answered by vMCP itself', async () => {
    const rest = new Rest(server.url, await server.adminToken());
    const id = await rest.addNodeServer('asks roots', upstreams.odd, ['--ask-roots']);
    await rest.connect(id);
    await rest.addVmcp('asks roots', [id], { options: { tool_names: 'plain' } });
    const client = await connectClient(cleanup, { http: `${server.url}/mcp/asks%20roots` });
    assert.match(await answerOf(client, 'knownRoots'), /\\"roots\\":\[\]/);
  });
});
