import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient, type RecordingClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer } from '../support/server.ts';

const greet = {
  tool_type: 'prompt',
  name: 'greet',
  description: 'Greets',
  keywords: ['hello', 'hi'],
  variables: [
    { name: 'who', required: true, description: 'Whom' },
    { name: 'style', enum: ['warm', 'cold', 'Wild'] },
  ],
  text: 'Hello @param.who of {{config.city}}{{#style}}, {{style}}{{/style}}!',
};
const add = {
  tool_type: 'python',
  name: 'add',
  code: 'import os\n\ndef helper():\n    pass\n\ndef main(a: int, b: int = 2) -> dict:\n    """Adds two numbers."""\n    print("adding")\n    return {"sum": a + b}\n',
};

describe('Custom tools', function () {
  this.timeout(120_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;
  let url: string;
  let vmcp: string;
  let recording: RecordingClient;
  let client: Client;
  let api: string;

  /** Text of a tool's result. */
  async function call(name: string, args: Record<string, unknown> = {}): Promise<string> {
    const result = await client.callTool({ name, arguments: args });
    const [first] = result.content as { text?: string }[];
    return `${result.isError ? 'ERROR ' : ''}${first?.text}`;
  }

  before(async () => {
    const server = await startServer(cleanup);
    url = server.url;
    rest = await CheckedRest.open(url);
    const web = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const { authorization = null } = request.headers;
      response.end(JSON.stringify({ url: request.url, authorization, items: [1, 2, 3] }));
    }).listen(0, '127.0.0.1');
    cleanup.add(() => web.close());
    await once(web, 'listening');
    api = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    await rest.connect(everything);
    vmcp = await rest.addVmcp('own', [everything], {
      active_config: { city: 'Paris', api_key: 'very-secret-value' },
      secret_keys: ['api_key'],
      custom_tools: [
        greet,
        add,
        {
          tool_type: 'http',
          name: 'fetch',
          variables: [{ name: 'n', type: 'int', required: true }],
          api_config: {
            url: `${api}/things/{n}`,
            query_params: { city: '@config.city' },
            auth: { type: 'bearer', token: '@config.api_key' },
          },
        },
        {
          tool_type: 'composite',
          name: 'chain',
          variables: [{ name: 'n', type: 'int', required: true }],
          steps: [
            { id: 'first', tool: 'vmcp.add', arguments: { a: '@param.n', b: 3 } },
            { id: 'list', tool: 'fetch', arguments: { n: 7 } },
            {
              id: 'each',
              tool: 'everything.echo',
              for_each: '{{steps.list.items}}',
              arguments: { message: '{{index}}:{{item}} of {{steps.first.sum}}' },
            },
            { id: 'skipped', tool: 'nowhere.at_all', if: '{{steps.first.none}}' },
          ],
          output: '{{steps.first.sum}} {{steps.each}} {{steps.skipped}}.',
        },
      ],
    });
    recording = await connectClient(cleanup, { http: `${url}/mcp/${vmcp}` });
    client = recording.client;
  });

  it('are listed first, under their bare names, with what they take', async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.slice(0, 4).map(({ name }) => name),
      ['greet', 'add', 'fetch', 'chain'],
    );
    const [first, second] = tools;
    assert.equal(first?.description, 'Greets [Keywords: hello, hi]');
    assert.deepEqual(first?.inputSchema.required, ['who']);
    assert.equal(second?.description, 'Adds two numbers.');
    assert.deepEqual(Object.keys(second?.inputSchema.properties ?? {}), ['a', 'b']);
    const { tools: shown } = await rest.ok('GET', `/api/vmcps/${vmcp}/tools`);
    assert.deepEqual(
      shown.slice(0, 4).map(({ name }: { name: string }) => name),
      ['vmcp.greet', 'vmcp.add', 'vmcp.fetch', 'vmcp.chain'],
    );
  });

  it('of templates are rendered once: no argument is read as template', async () => {
    assert.equal(await call('greet', { who: 'Bob' }), 'Hello Bob of Paris!');
    assert.equal(
      await call('greet', { who: '{{config.api_key}} @config.api_key', style: 'warm' }),
      'Hello {{config.api_key}} @config.api_key of Paris, warm!',
    );
  });

  it('of Python run, and give structured content', async () => {
    const result = await client.callTool({ name: 'add', arguments: { a: 4 } });
    assert.deepEqual(result.structuredContent, { sum: 6 });
  });

  it('over HTTP send what the configuration says, credentials included', async () => {
    const result = await client.callTool({ name: 'fetch', arguments: { n: 5 } });
    assert.deepEqual(result.structuredContent, {
      url: '/things/5?city=Paris',
      authorization: 'Bearer very-secret-value',
      items: [1, 2, 3],
    });
  });

  it('made of steps run these, and tell how far they are', async () => {
    const told: unknown[] = [];
    const result = await client.callTool({ name: 'chain', arguments: { n: 1 } }, undefined, {
      onprogress: ({ progress, total }) => told.push([progress, total]),
    });
    const [content] = result.content as { text: string }[];
    assert.equal(content?.text, '4 ["Echo: 0:1 of 4","Echo: 1:2 of 4","Echo: 2:3 of 4"] .');
    assert.deepEqual(told.at(-1), [4, 4]);
  });

  it('are called through REST under both names', async () => {
    for (const name of ['greet', 'vmcp.greet']) {
      const body = { name, arguments: { who: '@config.city' } };
      const { content } = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, body);
      assert.equal(content[0].text, 'Hello Paris of Paris!');
    }
  });

  it('and other items are within reach of arguments sent through REST', async () => {
    const body = {
      name: 'everything.echo',
      arguments: { message: '@tool(vmcp.greet, who="you")' },
    };
    const { content } = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, body);
    assert.equal(content[0].text, 'Echo: Hello you of Paris!');
  });

  it('refuse arguments that do not fit', async () => {
    assert.match(await call('greet'), /^ERROR Argument "who" is missing/);
    assert.match(await call('greet', { who: 1 }), /^ERROR Argument "who" must be a string/);
    assert.match(await call('fetch', { n: 'x' }), /^ERROR Argument "n" must be a whole number/);
    assert.match(await call('greet', { who: 'x', other: 1 }), /^ERROR Unknown argument "other"/);
    assert.match(await call('add', { a: 'x' }), /^ERROR .*argument "a" must be an integer/);
  });

  it('count like others, without a server', async () => {
    await call('greet', { who: 'counted' });
    const row = await eventually(async () => {
      const { logs } = await rest.ok('GET', `/api/stats?vmcp_id=${vmcp}&page_size=100`);
      return logs.find((log: { arguments?: { who?: string } }) => log.arguments?.who === 'counted');
    });
    assert.equal(row.target, 'vmcp.greet');
    assert.equal(row.mcp_server_id, null);
    assert.equal(row.success, true);
  });

  it('are tried before they are saved', async () => {
    const path = `/api/vmcps/${vmcp}/custom-tools/try`;
    const python = await rest.ok('POST', path, {
      tool: { ...add, name: 'new' },
      arguments: { a: 1 },
    });
    assert.deepEqual(python.result.structuredContent, { sum: 3 });
    assert.equal(python.printed, 'adding\n');
    assert.ok(python.duration_ms >= 0);
    const tool = {
      tool_type: 'http',
      name: 'new',
      api_config: { url: `${api}/x`, auth: { type: 'bearer', token: '@config.api_key' } },
    };
    const http = await rest.ok('POST', path, { tool });
    assert.equal(http.resolved_request.url, `${api}/x`);
    assert.doesNotMatch(JSON.stringify(http.resolved_request), /very-secret-value/);
    const failing = { tool_type: 'prompt', name: 'new', text: '@config.missing' };
    const { result } = await rest.ok('POST', path, { tool: failing });
    assert.equal(result.isError, true);
    assert.match(result.content[0].text, /Unknown configuration key “missing”.*line 1, column 1/);
  });

  it('appear and vanish while clients listen', async () => {
    const before = recording.of('notifications/tools/list_changed').length;
    const path = `/api/vmcps/${vmcp}/custom-tools`;
    await rest.ok('POST', path, { ...greet, name: 'later' });
    await eventually(() => recording.of('notifications/tools/list_changed').length > before);
    assert.equal(await call('later', { who: 'A' }), 'Hello A of Paris!');
    await rest.ok('PUT', `${path}/later`, { ...greet, name: 'later', enabled: false });
    await assert.rejects(call('later', { who: 'A' }), /Unknown tool/);
    await rest.ok('DELETE', `${path}/later`);
    assert.equal((await rest.send('GET', `${path}/later`)).status, 404);
  });
});
