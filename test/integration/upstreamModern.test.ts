import assert from 'node:assert/strict';
import { isJsonObject, type JsonObject } from '../../src/contract/json.ts';
import { RpcError } from '../../src/contract/jsonRpc.ts';
import { event, RawHttpServer, reply, status, stream } from '../fixtures/upstream/rawHttpServer.ts';
import { fail, RawModernServer } from '../fixtures/upstream/rawModernServer.ts';
import { Rig } from '../fixtures/upstream/rig.ts';
import type { TestClient } from '../fixtures/upstream/testClient.ts';
import { eventually } from '../support/eventually.ts';

const text = (value: string) => ({ content: [{ type: 'text', text: value }] });
const form = { method: 'elicitation/create', params: { mode: 'form', message: 'Who?' } };

describe('a server of 2026-07-28', () => {
  let rig: Rig;
  let server: RawModernServer;
  let client: TestClient;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());
  beforeEach(async () => {
    server = await RawModernServer.start();
    client = rig.client('client');
  });
  afterEach(() => server.close());

  const add = (url = server.url, record = {}) =>
    rig.addServer({ transport_type: 'http', config: { url, headers: {} }, ...record });
  /** Its tool answers with what `answer` makes of the parameters. */
  const onCall = (answer: (params: JsonObject, round: number) => JsonObject) => {
    let round = 0;
    server.handlers.set('tools/call', (params, response, { message }) => {
      reply(response, message?.id, answer(params, round++));
    });
  };
  const rejected = (call: Promise<unknown>) =>
    call.then(
      () => assert.fail('it succeeded'),
      (error: Error) => error,
    );

  it('is asked what it is, once, and never sent an initialize', async () => {
    onCall(() => ({ resultType: 'complete', ...text('hello') }));
    const id = add();
    assert.equal(await client.text(id, 'any'), 'hello');
    const catalog = rig.upstreams.catalog(id);
    assert.equal(catalog?.protocol_version, '2026-07-28');
    assert.deepEqual(catalog.server_info, { name: 'raw modern', version: '1' });
    assert.equal(catalog.instructions, 'Be kind.');
    assert.equal(server.http.sent('server/discover').length, 1);
    assert.equal(server.http.sent('initialize').length, 0);
    for (const { headers, message } of server.http.requests) {
      assert.equal(headers['mcp-protocol-version'], '2026-07-28');
      assert.equal(headers['mcp-method'], message?.method);
      assert.equal(headers['mcp-session-id'], undefined);
    }
  });

  it('gets what its client is and can do with every request, and nothing else of eras', async () => {
    onCall(() => text('hello'));
    const id = add(server.url, { withheld_capabilities: ['sampling'] });
    Object.assign(client.party, {
      capabilities: {
        elicitation: { form: {} },
        sampling: {},
        tasks: {},
        roots: { listChanged: true },
        extensions: { 'io.modelcontextprotocol/tasks': {}, 'x/y': {} },
      },
      clientInfo: { name: 'Ada', version: '3' },
      logLevel: 'info',
    });
    const _meta = {
      progressToken: 'mine',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'io.modelcontextprotocol/protocolVersion': '2099-01-01',
      'my/key': 1,
    };
    const forged = { inputResponses: { q: {} }, requestState: 'forged', task: {} };
    await client.call(id, 'any', { a: 1 }, { _meta, ...forged });
    assert.deepEqual(server.params('tools/call'), [{ name: 'any', arguments: { a: 1 } }]);
    const { progressToken, ...envelope } = server.envelope('tools/call');
    assert.equal(typeof progressToken, 'number');
    assert.deepEqual(envelope, {
      protocolVersion: '2026-07-28',
      clientInfo: { name: 'Ada', version: '3' },
      clientCapabilities: { elicitation: { form: {} }, roots: {}, extensions: { 'x/y': {} } },
      logLevel: 'info',
      traceparent: _meta.traceparent,
      'my/key': 1,
    });
    assert.equal(server.http.sent('tools/call')[0]?.headers.traceparent, _meta.traceparent);
  });

  it('gets arguments in headers, as its own schema says, and tools with unclear headers are left out', async () => {
    const property = (header: string) => ({ type: 'string', 'x-mcp-header': header });
    const tool = (name: string, header: string) => ({
      name,
      inputSchema: { type: 'object', properties: { region: property(header) } },
    });
    server.tools = [tool('größe', 'Region'), tool('bad', 'not a token')];
    onCall(() => text('hello'));
    const id = add();
    await client.call(id, 'größe', { region: ' Köln ', other: 'x' });
    const { headers } = server.http.sent('tools/call')[0] ?? {};
    const base64 = (value: string) => `=?base64?${Buffer.from(value).toString('base64')}?=`;
    assert.equal(headers?.['mcp-name'], base64('größe'));
    assert.equal(headers?.['mcp-param-region'], base64(' Köln '));
    assert.deepEqual(
      rig.upstreams.catalog(id)?.tools.map(({ name }) => name),
      ['größe'],
    );
  });

  it('is asked for its tools again where it misses a header, and called once more', async () => {
    server.tools = [{ name: 'go', inputSchema: { type: 'object' } }];
    server.handlers.set('tools/call', (_params, response, { headers, message }) => {
      if (headers['mcp-param-to'] === 'Rome') reply(response, message?.id, text('gone'));
      else fail(response, message?.id, -32020, 'Mcp-Param-To is missing', 400);
    });
    const id = add();
    await rig.upstreams.connect(id);
    const properties = { to: { type: 'string', 'x-mcp-header': 'To' } };
    server.tools = [{ name: 'go', inputSchema: { type: 'object', properties } }];
    assert.equal(await client.text(id, 'go', { to: 'Rome' }), 'gone');
    assert.equal(server.http.sent('tools/call').length, 2);
  });

  it('has its questions put to a client in the middle of the call, and gets the answers with its own state', async () => {
    onCall(({ inputResponses }, round) =>
      round < 2
        ? {
            resultType: 'input_required',
            inputRequests: { [`who${round}`]: form },
            ...(round === 0 && { requestState: 'opaque ü' }),
          }
        : { resultType: 'complete', ...text(JSON.stringify(inputResponses)) },
    );
    client.answer = async () => ({ action: 'accept', content: { name: 'Ada' } });
    const answers = { who1: { action: 'accept', content: { name: 'Ada' } } };
    assert.equal(await client.text(add(), 'ask'), JSON.stringify(answers));
    const [first, second, third] = server.params('tools/call');
    assert.equal(first?.requestState, undefined);
    assert.equal(second?.requestState, 'opaque ü');
    assert(isJsonObject(second.inputResponses) && 'who0' in second.inputResponses);
    assert.equal(third?.requestState, undefined);
    // Clients before 2025-11-25 know no `mode`.
    assert.deepEqual(client.asked[0], { method: form.method, params: { message: 'Who?' } });
    const ids = server.http.sent('tools/call').map(({ message }) => message?.id);
    assert.equal(new Set(ids).size, 3);
  });

  it('is not called again where the client does not answer, and the client is told why', async () => {
    onCall(() => ({
      resultType: 'input_required',
      inputRequests: { one: form, two: { method: 'roots/list' } },
    }));
    let withdrawn = false;
    client.answer = async (method, signal) => {
      if (method === 'elicitation/create') throw new RpcError(-32601, 'No such thing');
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          withdrawn = true;
          reject(signal.reason);
        }),
      );
    };
    const error = await rejected(client.call(add(), 'ask'));
    assert.match(error.message, /got no answer: No such thing/);
    assert.equal(withdrawn, true);
    assert.equal(server.http.sent('tools/call').length, 1);
  });

  it('that asks for ever, or in no known form, ends its call with an error', async () => {
    const id = add();
    client.answer = async () => ({ action: 'accept', content: {} });
    onCall(() => ({ resultType: 'input_required', inputRequests: { q: form } }));
    assert.match((await rejected(client.call(id, 'ask'))).message, /in 10 rounds/);
    for (const [result, message] of [
      [{ resultType: 'task', taskId: 't' }, /unknown result type "task"/],
      [{ resultType: 'input_required' }, /asks nothing/],
      [{ resultType: 'input_required', inputRequests: { q: { method: 'tools/call' } } }, /no/],
      [{ resultType: 'input_required', requestState: 7 }, /no string/],
    ] as const) {
      onCall(() => result);
      assert.match((await rejected(client.call(id, 'ask'))).message, message);
    }
    server.handlers.set('completion/complete', (_params, response, { message }) =>
      reply(response, message?.id, { resultType: 'input_required', inputRequests: { q: form } }),
    );
    const completion = client.request(id, 'completion/complete', {});
    assert.match((await rejected(completion)).message, /must not ask/);
  });

  it('that puts a call off is asked again', async () => {
    onCall((_params, round) =>
      round === 0 ? { resultType: 'input_required', requestState: 'later' } : text('now'),
    );
    assert.equal(await client.text(add(), 'busy'), 'now');
    assert.equal(server.params('tools/call')[1]?.requestState, 'later');
  });

  it('gives results without what only its era has', async () => {
    const prefix = 'io.modelcontextprotocol/';
    server.tools = [
      { name: 'list', inputSchema: { type: 'object' }, outputSchema: { type: 'array' } },
    ];
    onCall(({ name }) => ({
      resultType: 'complete',
      content: [],
      structuredContent: name === 'list' ? [1, 2] : { a: 1 },
      _meta: { [`${prefix}serverInfo`]: { name: 'x', version: '1' }, own: 1 },
    }));
    const id = add();
    assert.deepEqual(await client.call(id, 'list'), {
      content: [{ type: 'text', text: '[1,2]' }],
      structuredContent: { result: [1, 2] },
      _meta: { own: 1 },
    });
    const object = await client.call(id, 'object');
    assert.deepEqual(object, { content: [], structuredContent: { a: 1 }, _meta: { own: 1 } });
    server.handlers.set('resources/read', (_params, response, { message }) =>
      fail(response, message?.id, -32602, 'Unknown', 200, { uri: 'x:/1' }),
    );
    const error = await rejected(client.request(id, 'resources/read', { uri: 'x:/1' }));
    assert(error instanceof RpcError);
    assert.equal(error.code, -32002);
  });

  it('is not asked for a resource again while that may be kept, unless it changed', async () => {
    let reads = 0;
    server.handlers.set('resources/read', ({ uri }, response, { message }) => {
      const contents = [{ uri, text: `${++reads}` }];
      const ttlMs = uri === 'x:/kept' ? 60_000 : 0;
      reply(response, message?.id, {
        resultType: 'complete',
        contents,
        ttlMs,
        cacheScope: 'public',
      });
    });
    const id = add();
    const read = async (uri: string) => {
      const { contents } = await client.request(id, 'resources/read', { uri });
      return Array.isArray(contents) && isJsonObject(contents[0]) ? contents[0].text : undefined;
    };
    assert.deepEqual([await read('x:/kept'), await read('x:/kept')], ['1', '1']);
    assert.deepEqual([await read('x:/new'), await read('x:/new')], ['2', '3']);
    await rig.upstreams.subscribe(id, 'x:/kept', client.caller, AbortSignal.timeout(5000));
    server.tell('notifications/resources/updated', { uri: 'x:/kept' });
    await eventually(() => rig.notices.at(-1)?.notification.params?.uri === 'x:/kept');
    assert.equal(await read('x:/kept'), '4');
  });

  it('tells of changes on one stream, which another replaces when more is wanted', async () => {
    const id = add();
    await rig.upstreams.connect(id);
    await eventually(() => server.streams.length === 1);
    assert.deepEqual(server.streams[0]?.wanted, { toolsListChanged: true });
    const signal = AbortSignal.timeout(5000);
    await rig.upstreams.subscribe(id, 'x:/a', client.caller, signal);
    await rig.upstreams.subscribe(id, 'x:/b', client.caller, signal);
    await eventually(() => server.streams.length === 1);
    const wanted = { toolsListChanged: true, resourceSubscriptions: ['x:/a', 'x:/b'] };
    assert.deepEqual(server.streams[0]?.wanted, wanted);
    server.untold.add('x:/c');
    const refused = rig.upstreams.subscribe(id, 'x:/c', client.caller, signal);
    assert.match((await rejected(refused)).message, /does not tell of changes of x:\/c/);

    server.tools = [{ name: 'new', inputSchema: { type: 'object' } }];
    server.tell('notifications/tools/list_changed');
    await eventually(() => rig.upstreams.catalog(id)?.tools.length === 1);
    server.tell('notifications/resources/updated', { uri: 'x:/a' });
    const notice = await eventually(() =>
      rig.notices.find(({ notification }) => notification.params?.uri === 'x:/a'),
    );
    assert.deepEqual(notice.notification.params, { uri: 'x:/a' });
    assert.equal(notice.concerns(client.party), true);
    assert.equal(notice.concerns(rig.client('other').party), false);

    await rig.upstreams.unsubscribe(id, 'x:/a', client.party);
    await rig.upstreams.unsubscribe(id, 'x:/b', client.party);
    await eventually(() => server.streams[0]?.wanted.resourceSubscriptions === undefined);
    await rig.upstreams.disconnect(id);
    await eventually(() => server.streams.length === 0);
  });

  it('is listened to again when the stream breaks, and all counts as changed', async () => {
    const id = add();
    await rig.upstreams.connect(id);
    await rig.upstreams.subscribe(id, 'x:/a', client.caller, AbortSignal.timeout(5000));
    server.tools = [{ name: 'missed', inputSchema: { type: 'object' } }];
    await eventually(() => server.streams.length === 1);
    server.streams[0]?.response.destroy();
    await eventually(() => rig.upstreams.catalog(id)?.tools.length === 1);
    await eventually(() =>
      rig.notices.some(({ notification }) => notification.params?.uri === 'x:/a'),
    );
    assert.equal(server.streams.length, 1);
  });

  it('hears of a cancellation by the end of its stream, and what it sends unasked does nothing', async () => {
    let closed = false;
    server.handlers.set('tools/call', (_params, response) => {
      stream(response);
      response.on('close', () => {
        closed = true;
      });
      response.write(event({ id: 1, method: 'elicitation/create', params: { message: 'Who?' } }));
      response.write(
        event({ method: 'notifications/message', params: { level: 'info', data: 1 } }),
      );
    });
    const stop = new AbortController();
    const call = client.call(add(), 'slow', {}, {}, stop.signal);
    await eventually(() => client.heard.length === 1);
    stop.abort(new Error('enough'));
    assert.match((await rejected(call)).message, /enough/);
    await eventually(() => closed);
    assert.deepEqual(client.asked, []);
    assert.equal(server.http.sent('notifications/cancelled').length, 0);
  });

  it('whose stream breaks before its answer is not called again', async () => {
    server.handlers.set('tools/call', (_params, response) => {
      stream(response);
      response.end(event({ method: 'notifications/message', params: { level: 'info', data: 1 } }));
    });
    const error = await rejected(client.call(add(), 'gone'));
    assert.match(error.message, /closed the stream before it answered/);
    assert.equal(server.http.sent('tools/call').length, 1);
  });
});

describe('the era of a server', () => {
  let rig: Rig;
  let http: RawHttpServer;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());
  beforeEach(async () => {
    http = await RawHttpServer.start();
  });
  afterEach(() => http.close());

  const add = () =>
    rig.addServer({ transport_type: 'http', config: { url: http.url, headers: {} } });
  const opened = () =>
    http.requests.flatMap(({ message }) =>
      message?.method === 'server/discover' || message?.method === 'initialize'
        ? [message.method]
        : [],
    );

  it('is found out once, and remembered', async () => {
    const id = add();
    await rig.upstreams.connect(id);
    assert.deepEqual(opened(), ['server/discover', 'initialize']);
    await rig.upstreams.disconnect(id);
    await rig.upstreams.connect(id);
    assert.deepEqual(opened().slice(2), ['initialize']);
    await rig.upstreams.disconnect(id);
    rig.change(id, { config: { url: `${http.url}?changed`, headers: {} } });
    await rig.upstreams.connect(id);
    assert.deepEqual(opened().slice(3), ['server/discover', 'initialize']);
  });

  for (const [name, answer] of [
    ['it does not know the request', -32601],
    ['it wants a session first', -32000],
  ] as const) {
    it(`is the session's where ${name}`, async () => {
      http.onMessage = ({ id, method }, response) => {
        if (method !== 'server/discover') return false;
        fail(response, id, answer, 'no', 400);
        return true;
      };
      const id = add();
      await rig.upstreams.connect(id);
      assert.equal(rig.upstreams.catalog(id)?.protocol_version, '2025-06-18');
    });
  }

  /** A program of the session era that answers only what it knows. */
  const program = (onUnknown: string) => `
    require('node:readline').createInterface(process.stdin).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      const answer = (result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
      const about = { protocolVersion: '2025-11-25', capabilities: { tools: {} } };
      if (method === 'initialize') answer({ ...about, serverInfo: { name: 'x', version: '1' } });
      else if (method === 'tools/list') answer({ tools: [] });
      else if (id !== undefined) { ${onUnknown} }
    });`;

  for (const [name, onUnknown] of [
    ['it ends over a request that it does not know', 'process.exit(3)'],
    ['it does not answer what it does not know', ''],
  ] as const) {
    it(`of a program is the session's where ${name}`, async () => {
      const id = rig.addStdio(['-e', program(onUnknown)]);
      await rig.upstreams.connect(id);
      assert.equal(rig.upstreams.catalog(id)?.protocol_version, '2025-11-25');
    });
  }

  it('is found out anew where a server was replaced by one of the other', async () => {
    const id = add();
    await rig.upstreams.connect(id);
    await rig.upstreams.disconnect(id);
    const supported = { supported: ['2026-07-28'], requested: '2025-11-25' };
    http.onMessage = ({ id, method }, response) => {
      const result = { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, tools: [] };
      if (method === 'initialize') fail(response, id, -32022, 'Unsupported', 400, supported);
      else reply(response, id, { resultType: 'complete', ...result });
    };
    await rig.upstreams.connect(id);
    assert.equal(rig.upstreams.catalog(id)?.protocol_version, '2026-07-28');
  });

  it('unknown to vMCP is an error that says what the server speaks', async () => {
    const supported = { supported: ['2027-01-01'], requested: '2026-07-28' };
    http.onMessage = ({ id }, response) => fail(response, id, -32022, 'No', 400, supported);
    await assert.rejects(rig.upstreams.connect(add()), /refused.*it speaks 2027-01-01/);
  });

  it('is not decided by a server that is out of order', async () => {
    http.onMessage = (_message, response) => status(response, 503);
    await assert.rejects(rig.upstreams.connect(add()), /HTTP 503/);
    assert.deepEqual(opened(), ['server/discover']);
  });
});
