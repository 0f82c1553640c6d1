import assert from 'node:assert/strict';
import { useCleanup } from '../support/cleanup.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient, type RawOptions } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('the MCP endpoint refuses', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let client: RawClient;

  before(async () => {
    server = await startServer(suite);
    const rest = new Rest(server.url, await server.adminToken());
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    await rest.addVmcp('odd', [odd], { options: { tool_names: 'plain' } });
  });

  beforeEach(async () => {
    client = raw('/mcp/odd');
    await client.initialize();
  });

  afterEach('and goes on', async () => {
    assert((await client.request('tools/call', { name: 'echo' })).result);
  });

  function raw(path: string): RawClient {
    const made = new RawClient(server.url + path);
    cleanup.add(() => made.close());
    return made;
  }

  const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

  const wrongBodies: Array<[what: string, body: string, status: number, code: number]> = [
    ['nothing', '', 400, -32700],
    ['broken JSON', '{"jsonrpc":"2.0","id":1', 400, -32700],
    ['a string', '"ping"', 400, -32600],
    ['null', 'null', 400, -32600],
    ['another JSON-RPC', '{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, -32600],
    ['no JSON-RPC', '{"id":1,"method":"ping"}', 400, -32600],
    ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":1}', 400, -32600],
    ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', 400, -32600],
    ['an id that is null', '{"jsonrpc":"2.0","id":null,"method":"ping"}', 400, -32600],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', 400, -32600],
    ['an empty batch', '[]', 400, -32600],
  ];
  for (const [what, body, status, code] of wrongBodies) {
    it(`${what}: ${status} with ${code}`, async () => {
      const answer = await client.exchange('POST', body);
      assert.equal(answer.status, status);
      assert.equal(answer.messages[0]?.error?.code, code);
      assert(answer.messages[0]?.error?.message);
    });
  }

  const wrongRequests: Array<[what: string, method: string, params: object, code: number]> = [
    ['an unknown method', 'no/such', {}, -32601],
    ['a call without a name', 'tools/call', {}, -32602],
    ['a call of a tool that is not there', 'tools/call', { name: 'nowhere' }, -32602],
    ['a name that is the word __proto__', 'tools/call', { name: '__proto__' }, -32602],
    ['arguments that are a list', 'tools/call', { name: 'echo', arguments: [] }, -32602],
    ['a prompt that is not there', 'prompts/get', { name: 'nowhere' }, -32602],
    ['a resource that is nowhere', 'resources/read', { uri: 'nowhere://at/all' }, -32002],
    ['a resource without a URI', 'resources/read', {}, -32602],
    ['an unknown log level', 'logging/setLevel', { level: 'loud' }, -32602],
    ['a task that is not there', 'tasks/get', { taskId: 'nowhere' }, -32602],
  ];
  for (const [what, method, params, code] of wrongRequests) {
    it(`${what} with ${code}`, async () => {
      const { error } = await client.request(method, params);
      assert.equal(error?.code, code, JSON.stringify(error));
    });
  }

  const wrongExchanges: Array<[string, string, string | undefined, RawOptions['headers'], number]> =
    [
      ['another content type', 'POST', ping, { 'content-type': 'text/plain' }, 415],
      ['a form', 'POST', ping, { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['an unknown session', 'POST', ping, { 'mcp-session-id': 'nobody' }, 404],
      ['an unknown session, listening', 'GET', undefined, { 'mcp-session-id': 'nobody' }, 404],
      ['an unknown session, ending', 'DELETE', undefined, { 'mcp-session-id': 'nobody' }, 404],
      ['an unknown revision', 'POST', ping, { 'mcp-protocol-version': '1999-01-01' }, 400],
      ['another method', 'PUT', ping, {}, 405],
      ['a foreign host', 'POST', ping, { host: 'evil.example.com' }, 403],
      ['a foreign origin', 'POST', ping, { origin: 'http://evil.example.com' }, 403],
    ];
  for (const [what, method, body, headers, status] of wrongExchanges) {
    it(`${what}: ${status}`, async () => {
      const answer = await client.exchange(method, body, { headers: headers ?? {} });
      assert.equal(answer.status, status, answer.text);
    });
  }

  it('a body over its limit: 413', async () => {
    const message = 'x'.repeat(70 * 1024 * 1024);
    const answer = await client
      .post(client.makeRequest('tools/call', { name: 'echo', arguments: { message } }))
      .catch((error: NodeJS.ErrnoException) => error);
    // The connection may be closed while the client still sends.
    if (answer instanceof Error) assert.match(answer.code ?? '', /EPIPE|ECONNRESET/);
    else assert.equal(answer.status, 413);
  });

  for (const path of [
    '/mcp/nowhere',
    '/mcp/',
    '/mcp/%E0%A4%A',
    '/private/nowhere/vmcp',
    '/mcp/odd/more',
  ]) {
    it(`the address ${path}: 404`, async () => {
      const answer = await raw(path).exchange('POST', ping);
      assert(answer.status === 404 || answer.status === 400, `${answer.status}`);
    });
  }

  it('nesting without end, without harm', async () => {
    const depth = 100_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":${nested}}}}`;
    const answer = await client.exchange('POST', body);
    assert(answer.status >= 200 && answer.status < 500, `${answer.status}`);
  });

  it('an argument that carries __proto__ is passed on as it is, without harm', async () => {
    const body =
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"__proto__":{"polluted":1}}}}';
    const { messages } = await client.exchange('POST', body);
    assert.match(messages[0]?.result.content[0].text, /"__proto__":\{"polluted":1\}/);
  });
});
