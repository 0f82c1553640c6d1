import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../src/contract/json.ts';
import { RawHttpServer, reply } from '../fixtures/upstream/rawHttpServer.ts';
import { Rig } from '../fixtures/upstream/rig.ts';
import type { TestClient } from '../fixtures/upstream/testClient.ts';

const modernVersion = '2026-07-28';

function fail(
  response: ServerResponse,
  id: JsonObject[string],
  error: JsonObject,
  status = 400,
): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
}

/** Knows no sessions; what it is asked without an envelope it refuses as `refuse` does. */
function modern(
  http: RawHttpServer,
  answers: Record<string, (params: JsonObject) => JsonObject>,
  refuse = (response: ServerResponse, id: JsonObject[string]) => {
    const data = { supported: [modernVersion], requested: '2025-11-25' };
    fail(response, id, { code: -32022, message: 'Unsupported protocol version', data });
  },
): void {
  const discovered = { supportedVersions: [modernVersion], capabilities: { tools: {} } };
  http.onMessage = ({ id, method, params }, response, { headers }) => {
    if (headers['mcp-protocol-version'] !== modernVersion) {
      refuse(response, id);
      return true;
    }
    if (method === 'server/discover') return reply(response, id, discovered);
    if (method === 'tools/list') return reply(response, id, { tools: [] });
    const answer = answers[String(method)];
    if (answer) reply(response, id, { resultType: 'complete', ...answer(params as JsonObject) });
    else fail(response, id, { code: -32601, message: `no ${method}` }, 404);
  };
}

describe('A server of 2026-07-28', () => {
  let rig: Rig;
  let http: RawHttpServer;
  let client: TestClient;
  before(async () => {
    rig = await Rig.start();
  });
  after(() => rig.stop());
  beforeEach(async () => {
    http = await RawHttpServer.start();
    client = rig.client('client');
  });
  afterEach(() => http.close());

  const add = () =>
    rig.addServer({ transport_type: 'http', config: { url: http.url, headers: {} } });
  const said = async (id: string) => (await client.call(id, 'any')).said;
  const opened = () =>
    http.requests.flatMap(({ message }) =>
      message?.method === 'server/discover' || message?.method === 'initialize'
        ? [message.method]
        : [],
    );

  it('that asked one client before it let it read a resource does not show that to another', async () => {
    const ask = { method: 'elicitation/create', params: { message: 'Who are you?' } };
    modern(http, {
      'resources/read': ({ inputResponses }) =>
        inputResponses === undefined
          ? { resultType: 'input_required', inputRequests: { who: ask } }
          : {
              ...{ ttlMs: 60_000, cacheScope: 'private' },
              contents: [{ uri: 'a:b', text: JSON.stringify(inputResponses) }],
            },
    });
    const id = add();
    const read = async (name: string) => {
      const reader = rig.client(name);
      reader.answer = async () => ({ action: 'accept', content: { name } });
      return JSON.stringify(await reader.request(id, 'resources/read', { uri: 'a:b' }));
    };
    assert.match(await read('Ada'), /Ada/);
    assert.match(await read('Bob'), /Bob/);
  });

  for (const [name, refuse] of [
    [
      'as an unknown method',
      (response: ServerResponse, id: JsonObject[string]) =>
        fail(response, id, { code: -32601, message: 'no initialize' }, 404),
    ],
    [
      'without having read it',
      (response: ServerResponse) => fail(response, null, { code: -32600, message: 'No _meta' }),
    ],
    ['without a word', (response: ServerResponse) => response.writeHead(405).end()],
  ] as const) {
    it(`that had sessions until lately may refuse them ${name}`, async () => {
      const id = add();
      await rig.upstreams.connect(id);
      await rig.upstreams.disconnect(id);
      modern(http, { 'tools/call': () => ({ said: 'hello' }) }, (response, id) => {
        refuse(response, id);
      });
      assert.equal(await said(id), 'hello');
      assert.deepEqual(opened(), [
        'server/discover',
        'initialize',
        'initialize',
        'server/discover',
      ]);
    });
  }

  it('that had sessions when its connection was opened gets calls by a new one', async () => {
    const id = add();
    await client.call(id, 'any');
    modern(http, { 'tools/call': () => ({ said: 'hello' }) });
    assert.equal(await said(id), 'hello');
    assert.equal(rig.upstreams.catalog(id)?.protocol_version, modernVersion);
  });

  it('that is replaced by one with sessions is found out by a call', async () => {
    modern(http, { 'tools/call': () => ({ said: 'hello' }) });
    const id = add();
    assert.equal(await said(id), 'hello');
    http.onMessage = ({ method }, response, { headers }) => {
      if (method === 'initialize' || headers['mcp-session-id'] !== undefined) return false;
      const message = 'Bad Request: No valid session ID provided';
      return fail(response, null, { code: -32000, message });
    };
    await client.call(id, 'any');
    assert.equal(rig.upstreams.catalog(id)?.protocol_version, '2025-06-18');
  });

  it('that learned to do without sessions is found out after a day, however often its lists are read', async () => {
    const id = add();
    await rig.upstreams.connect(id);
    await rig.upstreams.disconnect(id);
    const record = rig.upstreams.catalog(id);
    assert(record !== undefined);
    const yesterday = new Date(Date.now() - 25 * 3_600_000).toISOString();
    rig.memory.catalogs.set(id, { ...record, era_at: yesterday });
    await rig.upstreams.connect(id);
    await rig.upstreams.disconnect(id);
    await rig.upstreams.connect(id);
    const again = ['server/discover', 'initialize', 'initialize'];
    assert.deepEqual(opened(), ['server/discover', 'initialize', ...again]);
  });

  it('that asked for roots in its sessions does not make calls wait for them', async () => {
    modern(http, { 'tools/call': () => ({ said: 'hello' }) });
    const id = add();
    await rig.upstreams.connect(id);
    const record = rig.upstreams.catalog(id);
    assert(record !== undefined);
    rig.memory.catalogs.set(id, { ...record, asks_roots: true });
    await said(id);
    assert.equal(client.rootsAsked, 0);
  });
});
