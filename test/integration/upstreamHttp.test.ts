import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../src/contract/json.ts';
import type { ServerRecord } from '../../src/contract/servers.ts';
import {
  event,
  RawHttpServer,
  type RawRequest,
  reply,
  status,
  stream,
} from '../fixtures/upstream/rawHttpServer.ts';
import { Rig } from '../fixtures/upstream/rig.ts';
import { SdkServer } from '../fixtures/upstream/sdkServer.ts';
import { type TestClient, textOf } from '../fixtures/upstream/testClient.ts';
import { eventually } from '../support/eventually.ts';

const hang = () => {};

describe('an HTTP server made with the SDK', () => {
  let rig: Rig;
  let sdk: SdkServer;
  let one: TestClient;
  let two: TestClient;
  before(async () => {
    rig = await Rig.start();
    sdk = await SdkServer.start();
    one = rig.client('one');
    two = rig.client('two');
  });
  after(async () => {
    await rig.stop();
    assert.equal(sdk.sessionCount, 0);
    await sdk.close();
  });

  const add = (path: string, transport_type: 'http' | 'sse' = 'http') =>
    rig.addServer({ transport_type, config: { url: `${sdk.origin}${path}`, headers: {} } });
  const sum = async (id: string) => textOf(await one.call(id, 'add', { a: 1, b: 2 }));

  for (const [name, path, type] of [
    ['Streamable HTTP', '/mcp', 'http'],
    ['HTTP+SSE', '/sse', 'sse'],
    ['HTTP+SSE, configured as Streamable HTTP', '/sse', 'http'],
  ] as const) {
    it(`answers, asks and tells over ${name}`, async () => {
      const id = add(path, type);
      assert.equal(await sum(id), '3');
      one.answer = async () => ({ model: 'm', role: 'assistant', 'x-new': 1, content: [] });
      const answer = JSON.parse(await one.text(id, 'ask')) as JsonObject;
      assert.equal(answer['x-new'], 1);
      assert.equal(one.heard.pop()?.params?.data, 'asking');
      assert.deepEqual(
        rig.upstreams.catalog(id)?.tools.map((tool) => tool.name),
        ['add', 'ask', 'announce'],
      );
      await one.call(id, 'announce');
      await eventually(() => rig.upstreams.catalog(id)?.tools.length === 4);
      assert.equal(rig.notices.at(-1)?.notification.params?.uri, 'sdk://thing');
    });
  }

  it('has each question go to the client on whose call’s stream it came', async () => {
    const id = add('/mcp');
    await one.call(id, 'add', { a: 1, b: 2 });
    one.answer = async () => ({ model: 'one', role: 'assistant', content: [] });
    two.answer = async () => ({ model: 'two', role: 'assistant', content: [] });
    const clients = [one, two, one, two];
    const answers = await Promise.all(clients.map((client) => client.text(id, 'ask')));
    const models = answers.map((answer) => (JSON.parse(answer) as JsonObject).model);
    assert.deepEqual(models, ['one', 'two', 'one', 'two']);
  });

  it('that lost the session gets a new one, and the call goes through', async () => {
    const id = add('/mcp');
    assert.equal(await sum(id), '3');
    sdk.forget();
    assert.deepEqual(await Promise.all([sum(id), sum(id), sum(id)]), ['3', '3', '3']);
    assert.equal(sdk.sessionCount, 1);
  });
});

describe('an HTTP server', () => {
  let rig: Rig;
  let raw: RawHttpServer;
  let client: TestClient;
  before(async () => {
    rig = await Rig.start();
  });
  beforeEach(async () => {
    raw = await RawHttpServer.start();
    client = rig.client('client');
  });
  afterEach(() => raw.close());
  after(() => rig.stop());

  const add = (record: Partial<ServerRecord> = {}, headers: Record<string, string> = {}) =>
    rig.addServer({ transport_type: 'http', config: { url: raw.url, headers }, ...record });

  /** Deals with `tools/call` as given, with the rest as usual. */
  const onCall = (
    handler: (message: JsonObject, response: ServerResponse, request: RawRequest) => unknown,
  ) => {
    raw.onMessage = (message, response, request) =>
      message.method === 'tools/call' ? handler(message, response, request) : false;
  };

  it('gets session and version in headers after the handshake, and a DELETE at the end', async () => {
    const id = add();
    const result = await client.request(id, 'tools/call', { name: 'x', 'x-new': { a: 0 } });
    const { params } = result.echoed as { params: JsonObject };
    assert.deepEqual(params['x-new'], { a: 0 });
    const [first] = raw.sent('initialize');
    assert.equal(first?.headers['mcp-protocol-version'], undefined);
    assert.equal(first?.headers.accept, 'application/json, text/event-stream');
    const [call] = raw.sent('tools/call');
    assert.equal(call?.headers['mcp-protocol-version'], '2025-06-18');
    assert.equal(call?.headers['mcp-session-id'], 'session-1');
    await rig.upstreams.disconnect(id);
    assert.equal(raw.requests.at(-1)?.method, 'DELETE');
    assert.equal(raw.requests.at(-1)?.headers['mcp-session-id'], 'session-1');
  });

  it('gets the credentials that are configured, from the secret store', async () => {
    const secret = '********';
    const cases: [Partial<ServerRecord>, Record<string, string>, (r: RawRequest) => unknown][] = [
      [
        { auth: { type: 'bearer', token: secret } },
        { 'auth/token': 't' },
        (r) => r.headers.authorization,
      ],
      [
        { auth: { type: 'basic', username: 'u', password: secret } },
        { 'auth/password': 'p' },
        (r) => Buffer.from(String(r.headers.authorization).slice(6), 'base64').toString(),
      ],
      [
        { auth: { type: 'api_key', key: secret, name: 'X-Key', in: 'header' } },
        { 'auth/key': 'k1' },
        (r) => r.headers['x-key'],
      ],
      [
        { auth: { type: 'api_key', key: secret, name: 'key', in: 'query' } },
        { 'auth/key': 'k 2' },
        (r) => r.url,
      ],
      [
        { auth: { type: 'headers', headers: { 'X-One': secret } } },
        { 'auth/header/X-One': 'h' },
        (r) => r.headers['x-one'],
      ],
    ];
    const seen: unknown[] = [];
    for (const [record, secrets, read] of cases) {
      const id = add(record, { 'X-Own': secret });
      rig.memory.secretValues.set(`server/${id}/header/X-Own`, 'own');
      for (const [name, value] of Object.entries(secrets)) {
        rig.memory.secretValues.set(`server/${id}/${name}`, value);
      }
      await client.call(id, 'x');
      const request = raw.sent('tools/call').at(-1);
      assert(request !== undefined);
      assert.equal(request.headers['x-own'], 'own');
      seen.push(read(request));
    }
    assert.deepEqual(seen, ['Bearer t', 'u:p', 'k1', '/mcp?key=k+2', 'h']);
  });

  it('whose secret is missing is named', async () => {
    const id = add({ auth: { type: 'bearer', token: '********' } });
    await assert.rejects(client.call(id, 'x'), /needs the secret "auth token"/);
    assert.equal(rig.upstreams.state(id).status, 'auth_required');
  });

  it('that redirects to another origin gives it no credentials', async () => {
    const other = await RawHttpServer.start();
    other.onMessage = (message, response) => {
      reply(response, message.id, { echoed: 'elsewhere' });
    };
    onCall((_, response) => {
      response.setHeader('Location', other.url);
      status(response, 307);
    });
    const id = add({ auth: { type: 'bearer', token: 'secret' } });
    assert.deepEqual(await client.call(id, 'x'), { echoed: 'elsewhere' });
    const headers = other.requests[0]?.headers;
    assert.deepEqual([headers?.authorization, headers?.['mcp-session-id']], [undefined, undefined]);
    assert.equal(raw.sent('tools/call')[0]?.headers.authorization, 'Bearer secret');
    await other.close();
  });

  it('is not followed to link-local and metadata addresses', async () => {
    for (const address of [
      'http://169.254.169.254/latest/meta-data',
      'http://2852039166/',
      'http://[::ffff:169.254.169.254]/',
      'https://[fd00:ec2::254]/',
    ]) {
      onCall((_, response) => {
        response.setHeader('Location', address);
        status(response, 307);
      });
      await assert.rejects(client.call(add(), 'x'), /redirects to ".*", a link-local or metadata/);
    }
  });

  it('may answer by a stream, progress first', async () => {
    onCall((message, response) => {
      const params = message.params as { _meta: JsonObject };
      const progress = { progressToken: params._meta.progressToken, progress: 1 };
      stream(response);
      response.end(
        `: comment\r\n\r\nid: 1\nretry: 10\ndata:\n\n${event({ method: 'notifications/progress', params: progress })}${event({ id: message.id, result: { ok: true } })}`,
      );
    });
    const result = await client.call(add(), 'x', {}, { _meta: { progressToken: 0 } });
    assert.deepEqual(result, { ok: true });
    assert.deepEqual(client.heard[0]?.params, { progressToken: 0, progress: 1 });
  });

  it('has a stream that breaks resumed after its last event', async () => {
    let id: unknown;
    const resumed: unknown[] = [];
    onCall((message, response) => {
      id = message.id;
      stream(response);
      response.write(event({ method: 'notifications/message', params: { data: 1 } }, 'e1'));
      response.write('retry: 20\n\n');
      setTimeout(() => response.destroy(), 20);
    });
    raw.onGet = (response, request) => {
      const from = request.headers['last-event-id'];
      if (from === undefined) return status(response, 405);
      resumed.push(from);
      stream(response);
      if (from === 'e1')
        response.end(event({ method: 'notifications/message', params: { data: 2 } }, 'e2'));
      else response.end(event({ id: id as number, result: { done: true } }, 'e3'));
    };
    assert.deepEqual(await client.call(add(), 'x'), { done: true });
    assert.deepEqual(resumed, ['e1', 'e2']);
    assert.deepEqual(
      client.heard.map(({ params }) => params?.data),
      [1, 2],
    );
  });

  it('that closes a stream without an answer fails that call', async () => {
    onCall((_, response) => {
      stream(response);
      response.end(': nothing\n\n');
    });
    const id = add();
    await assert.rejects(client.call(id, 'x'), /closed the stream before it answered/);
    assert.equal(rig.upstreams.state(id).status, 'connected');
  });

  it('that lost the session gets a new one, whether it says 404 or 400', async () => {
    for (const code of [404, 400]) {
      const id = add();
      await client.call(id, 'x');
      const initialized = raw.sent('initialize').length;
      let refused = 0;
      onCall((_, response) => {
        if (refused++ > 0) return false;
        return status(response, code, 'Bad Request: No valid session');
      });
      assert.equal((await client.call(id, 'x')).session, raw.session);
      assert.equal(raw.sent('initialize').length, initialized + 1);
      raw.onMessage = () => false;
    }
  });

  it('that forgets every session at once is not asked for ever', async () => {
    onCall((_, response) => status(response, 404));
    await assert.rejects(client.call(add(), 'x'), /forgets its sessions at once/);
    assert.equal(raw.sent('tools/call').length, 2);
  });

  it('may answer with an error and an error status', async () => {
    onCall((message, response) => {
      const error = { code: -32602, message: 'Wrong', data: { 'x-new': 1 } };
      status(response, 400, JSON.stringify({ jsonrpc: '2.0', id: message.id, error }));
    });
    await assert.rejects(client.call(add(), 'x'), { code: -32602, data: { 'x-new': 1 } });
    assert.equal(raw.sent('initialize').length, 1);
  });

  it('that fails is quoted, and goes on', async () => {
    const id = add({ auth: { type: 'bearer', token: 'my-token' } });
    onCall((_, response) => status(response, 500, 'database  is\ndown for my-token'));
    await assert.rejects(client.call(id, 'x'), /HTTP 500: database is down for \*{8}$/);
    onCall((_, response) => status(response, 202));
    await assert.rejects(client.call(id, 'x'), /answered HTTP 202 without an answer/);
    onCall((_, response) => response.end('<html>'));
    await assert.rejects(client.call(id, 'x'), /answered HTTP 200 without an answer/);
    raw.onMessage = () => false;
    assert.equal((await client.call(id, 'x')).session, 'session-1');
  });

  it('that wants credentials shows it in its state', async () => {
    const id = add();
    await client.call(id, 'x');
    onCall((_, response) => status(response, 401));
    await assert.rejects(client.call(id, 'x'), { code: 'auth_required' });
    assert.equal(rig.upstreams.state(id).status, 'auth_required');
  });

  it('that cannot be reached is named, and used again when it is back', async () => {
    const id = add();
    const { port } = raw;
    await client.call(id, 'x');
    await raw.close();
    const refused = new RegExp(`at http://127.0.0.1:${port} could not be reached: .*ECONNREFUSED`);
    // The first may still meet a socket that is just closing.
    await eventually(() => client.call(id, 'x').catch(({ message }) => refused.test(message)));
    assert.equal(rig.upstreams.state(id).status, 'error');
    await raw.listen(port);
    assert.equal((await client.call(id, 'x')).session, raw.session);
  });

  it('hears of a cancellation, and the exchange ends', async () => {
    let isCut = false;
    onCall((_, response) => {
      response.once('close', () => {
        isCut = true;
      });
    });
    const id = add();
    const abort = new AbortController();
    const call = client.call(id, 'x', {}, {}, abort.signal);
    const sent = await eventually(() => raw.sent('tools/call')[0]);
    abort.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
    const cancelled = await eventually(() => raw.sent('notifications/cancelled')[0]);
    const { params } = cancelled.message ?? {};
    assert.equal((params as JsonObject).requestId, sent.message?.id);
    await eventually(() => isCut);
  });

  it('whose answer is too large fails that call only', async () => {
    const id = add();
    const piece = 'x'.repeat(1024 * 1024);
    const write = async (response: ServerResponse, left: number) => {
      for (let count = 0; count < left && !response.destroyed; count++) {
        if (!response.write(piece)) await new Promise((go) => setTimeout(go, 1));
      }
      response.end();
    };
    onCall((message, response) => {
      const { name } = message.params as JsonObject;
      if (name === 'stream') {
        stream(response);
        response.write('data: {"jsonrpc":"2.0","result":{"x":"');
      } else {
        response.write('{"jsonrpc":"2.0","result":{"x":"');
      }
      void write(response, 66);
    });
    const tooLarge = { code: 'too_large' };
    await assert.rejects(client.call(id, 'json'), tooLarge);
    await assert.rejects(client.call(id, 'stream'), tooLarge);
    raw.onMessage = () => false;
    assert.equal((await client.call(id, 'x')).session, 'session-1');
  }).timeout(20_000);

  it('tells what belongs to no call on its GET stream, which is opened again', async () => {
    const opened: unknown[] = [];
    raw.onGet = (response, { headers }) => {
      opened.push(headers['last-event-id']);
      stream(response);
      const params = { data: opened.length };
      const text = event({ method: 'notifications/message', params }, `g${opened.length}`);
      if (opened.length === 1) response.end(`retry: 10\n${text}`);
      else response.write(text);
    };
    const id = add();
    const other = rig.client('other');
    const noticesBefore = rig.notices.length;
    await client.call(id, 'x');
    await eventually(() => rig.notices.length === noticesBefore + 2);
    assert.deepEqual(opened, [undefined, 'g1']);
    assert.deepEqual(
      rig.notices.slice(-2).map(({ notification }) => notification.params?.data),
      [1, 2],
    );
    assert(rig.notices.at(-1)?.concerns(other.party));
    assert.deepEqual(client.heard, []);
  });

  it('that asks on its GET stream belongs to nobody, but gets an answer to a ping', async () => {
    onCall(hang);
    raw.onGet = (response) => {
      stream(response);
      response.write(event({ id: 'p', method: 'ping' }));
      response.write(event({ id: 0, method: 'elicitation/create', params: {} }));
    };
    const abort = new AbortController();
    const call = client.call(add(), 'x', {}, {}, abort.signal);
    const answers = await eventually(() => {
      const found = raw.requests.filter(({ message }) => message && !('method' in message));
      return found.length === 2 ? found.map(({ message }) => message) : undefined;
    });
    assert.deepEqual(answers[0], { jsonrpc: '2.0', id: 'p', result: {} });
    assert.equal(answers[1]?.id, 0);
    assert.match(JSON.stringify(answers[1]), /belongs to no open call/);
    assert.deepEqual(client.asked, []);
    abort.abort();
    await assert.rejects(call);
  });
});
