import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { isJsonObject, type JsonObject } from '../../src/contract/json.ts';
import { event, RawHttpServer, reply, stream } from '../fixtures/upstream/rawHttpServer.ts';
import { isAlive } from '../fixtures/upstream/rig.ts';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { ModernRaw } from '../support/modernRaw.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import type { RpcMessage, SseReader } from '../support/sse.ts';

const elicitation = { capabilities: { elicitation: { form: {}, url: {} } } };
const answers = { inputResponses: { q0: { action: 'accept', content: { name: 'Ada' } } } };
const invalidState = {
  code: -32602,
  message: 'Invalid or expired requestState',
  data: { reason: 'invalid_request_state' },
};

const signIn = { mode: 'url', url: 'https://example.com/sign-in', message: 'Sign in' };

/** A server of the session era whose tools ask, over HTTP: no process stands behind a call that waits. */
class AskingServer {
  /** Calls that wait for an answer, by the id of their question. */
  readonly waiting = new Map<number, { response: ServerResponse; id: JsonObject[string] }>();
  mostWaiting = 0;
  isSignedIn = false;
  #lastQuestion = 0;

  constructor(readonly http: RawHttpServer) {
    http.onMessage = (message, response) => this.#take(message, response);
  }

  #take({ id, method, params: sent, result }: JsonObject, response: ServerResponse): boolean {
    if (method === 'tools/list') {
      const tools = ['ask', 'private', 'lie'].map((name) => ({
        name,
        inputSchema: { type: 'object' },
      }));
      reply(response, id, { tools });
      return true;
    }
    if (method === undefined && result !== undefined) {
      const asked = this.waiting.get(Number(id));
      response.writeHead(202).end();
      const content = [{ type: 'text', text: JSON.stringify(result) }];
      asked?.response.end(event({ id: asked.id, result: { content } }));
      return true;
    }
    if (method !== 'tools/call') return false;
    if (isJsonObject(sent) && sent.name === 'private') {
      if (this.isSignedIn) reply(response, id, { content: [] });
      else this.#wantSignIn(response, id);
      return true;
    }
    if (isJsonObject(sent) && sent.name === 'lie') {
      const inputRequests = { q: { method: 'elicitation/create', params: signIn } };
      const lie = { resultType: 'input_required', inputRequests, requestState: 'x' };
      reply(response, id, { content: [], ...lie });
      return true;
    }
    const question = ++this.#lastQuestion;
    this.waiting.set(question, { response, id });
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting.size);
    response.on('close', () => this.waiting.delete(question));
    stream(response);
    const params = { message: 'Name?', requestedSchema: { type: 'object', properties: {} } };
    response.write(event({ id: question, method: 'elicitation/create', params }));
    return true;
  }

  #wantSignIn(response: ServerResponse, id: JsonObject[string]): void {
    const data = { elicitations: [{ ...signIn, elicitationId: 'e1' }] };
    stream(response);
    response.end(event({ id, error: { code: -32042, message: 'Sign in first', data } }));
  }
}

describe('what clients of 2026-07-28 leave open, or make up', function () {
  this.timeout(120_000);
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;
  let asking: AskingServer;

  before(async () => {
    server = await startServer(suite);
    rest = new Rest(server.url, await server.adminToken());
    const http = await RawHttpServer.start();
    suite.add(() => http.close());
    asking = new AskingServer(http);
    const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
      name: 'asking',
      transport_type: 'http',
      config: { url: http.url },
    });
    await rest.connect(server_id);
    const options = { options: { tool_names: 'plain' } };
    await rest.addVmcp('one', [server_id], options);
    await rest.addVmcp('two', [server_id], options);
  });

  function clientOf(path: string, at = server): ModernRaw {
    const client = new ModernRaw(at.url + path);
    cleanup.add(() => client.close());
    return client;
  }
  const ask = { name: 'ask', arguments: {} };
  const park = async (client: ModernRaw): Promise<string> => {
    const { result } = await client.request('tools/call', ask, elicitation);
    assert.equal(result.resultType, 'input_required');
    return result.requestState;
  };
  const comeBack = (client: ModernRaw, requestState: string, params: object = ask) =>
    client.request('tools/call', { ...params, ...answers, requestState }, elicitation);
  const tokenFor = async (name: string): Promise<string> =>
    (await rest.ok('POST', '/api/admin/client-tokens', { name, vmcp_id: null })).token;

  it('asks to open an address that a call needs first, and performs the call again', async () => {
    const client = clientOf('/mcp/one');
    const call = { name: 'private', arguments: {} };
    const formsOnly = { capabilities: { elicitation: { form: {} } } };
    const refused = await client.exchange('tools/call', call, formsOnly);
    assert.equal(refused.status, 400);
    assert.equal(refused.messages[0]?.error?.code, -32021);
    assert.deepEqual(refused.messages[0]?.error?.data.requiredCapabilities, {
      elicitation: { url: {} },
    });

    const { result } = await client.request('tools/call', call, elicitation);
    assert.equal(result.resultType, 'input_required');
    assert.deepEqual(result.inputRequests, {
      u0: { method: 'elicitation/create', params: signIn },
    });
    assert.equal(result.requestState, undefined, 'nothing is kept meanwhile');
    asking.isSignedIn = true;
    const opened = { ...call, inputResponses: { u0: { action: 'accept' } } };
    const again = await client.request('tools/call', opened, elicitation);
    assert.equal(again.result.resultType, 'complete');
  });

  it('is not asked by what a server of the session era says of results, in own tools neither', async () => {
    const servers = await rest.ok('GET', '/api/mcp-servers');
    const { server_id } = servers[0];
    const steps = [{ id: 'only', tool: 'asking.lie', arguments: {} }];
    await rest.addVmcp('composed', [server_id], {
      custom_tools: [{ tool_type: 'composite', name: 'composed', steps }],
    });
    for (const name of ['asking_lie', 'composed']) {
      const call = { name, arguments: {} };
      const { result } = await clientOf('/mcp/composed').request('tools/call', call);
      assert.equal(result?.resultType, 'complete', name);
    }
  });

  it('refuses a state anywhere but where it was given, and once it was used', async () => {
    const [own, other] = [await tokenFor('own'), await tokenFor('other')];
    const client = clientOf(`/t/${own}/mcp/one`);
    const state = await park(client);
    for (const path of [`/t/${other}/mcp/one`, '/mcp/one', `/t/${own}/mcp/two`]) {
      assert.deepEqual((await comeBack(clientOf(path), state)).error, invalidState, path);
    }
    const changed = { name: 'ask', arguments: { more: 1 } };
    assert.deepEqual((await comeBack(client, state, changed)).error, invalidState);
    const prompt = { name: 'ask', ...answers, requestState: state };
    assert.deepEqual(
      (await client.request('prompts/get', prompt, elicitation)).error,
      invalidState,
    );
    for (let at = 0; at < state.length; at += 9) {
      const forged = state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1);
      assert.deepEqual((await comeBack(client, forged)).error, invalidState, `byte ${at}`);
    }
    const { result } = await comeBack(client, state);
    assert.match(result.content[0].text, /Ada/);
    assert.deepEqual((await comeBack(client, state)).error, invalidState);
  });

  it('keeps the eras apart: an envelope in a session, a session in an envelope', async () => {
    const session = new RawClient(`${server.url}/mcp/one`);
    cleanup.add(() => session.close());
    const { protocolVersion } = await session.initialize({ protocolVersion: '2026-07-28' });
    assert.equal(protocolVersion, '2025-11-25', 'initialize is of the other era, whatever it asks');
    const client = clientOf('/mcp/one');
    const inSession = { 'mcp-session-id': session.sessionId ?? '' };
    const list = client.message('tools/list');
    const codeOf = async (message: RpcMessage | RpcMessage[], headers: object) => {
      const options = { headers: { ...inSession, ...headers } };
      const { status, messages, text } = await session.post(message, options);
      return [status, messages[0]?.error?.code ?? messages[0]?.result?.resultType, text] as const;
    };
    const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };
    // the header of the session's version contradicts the envelope; without it, those of this era miss
    assert.deepEqual((await codeOf(list, {})).slice(0, 2), [400, -32020]);
    assert.deepEqual((await codeOf(list, modern)).slice(0, 2), [200, 'complete']);
    assert.deepEqual((await codeOf([list, list], {})).slice(0, 2), [400, -32600]);
    const bare = session.makeRequest('tools/list');
    assert.deepEqual((await codeOf(bare, modern)).slice(0, 2), [400, -32602]);
    const initialize = { ...session.makeRequest('initialize', { protocolVersion: '2025-11-25' }) };
    assert.deepEqual((await codeOf(initialize, modern)).slice(0, 2), [400, -32020]);
    const enveloped = client.message('initialize', { protocolVersion: '2026-07-28' });
    const named = { ...modern, 'mcp-method': 'initialize' };
    assert.deepEqual((await codeOf(enveloped, named)).slice(0, 2), [404, -32601]);
    // a state means nothing in a session: the call is a new one, and the session goes on
    const { result } = await session.request('tools/list', { requestState: 'x' });
    assert.equal(result.resultType, undefined);
    assert.equal(result.tools[0].name, 'ask');
  });

  it('refuses headers that say something else than the body, in every spelling', async () => {
    const client = clientOf('/mcp/one');
    const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;
    const rows: [object, string][] = [
      [{ 'mcp-name': base64('other') }, 'another name in base64'],
      [{ 'mcp-name': '=?base64?%%%?=' }, 'no base64'],
      [{ 'mcp-name': 'ASK' }, 'another case'],
      [{ 'mcp-name': '' }, 'an empty name'],
      [{ 'mcp-method': 'Tools/Call' }, 'another case of the method'],
      [{ 'mcp-protocol-version': '2026-07-28, 2025-11-25' }, 'two versions'],
    ];
    for (const [headers, what] of rows) {
      const options = { ...elicitation, headers: headers as Record<string, string> };
      const { status, messages } = await client.exchange('tools/call', ask, options);
      assert.deepEqual([status, messages[0]?.error?.code], [400, -32020], what);
    }
    assert.equal(asking.waiting.size, 0, 'nothing of it reached the server');
  });

  it('lets no more than 1024 listen at once, and takes new ones when others have left', async () => {
    const client = clientOf('/mcp/two');
    const listen = () => client.stream('subscriptions/listen', { notifications: {} });
    const streams: SseReader[] = [];
    while (streams.length < 1024) {
      streams.push(...(await Promise.all(Array.from({ length: 64 }, listen))));
    }
    const refused = await client.request('subscriptions/listen', { notifications: {} });
    assert.equal(refused.error?.code, -32603);
    assert.match(refused.error?.message ?? '', /Too many clients listen already/);
    const admin = new Rest(server.url, await server.adminToken());
    const { token } = await admin.ok('POST', '/api/admin/client-tokens', {
      ...{ name: 'modest', vmcp_id: null },
    });
    const modest = clientOf(`/t/${token}/mcp/two`);
    const room = await modest.stream('subscriptions/listen', { notifications: {} });
    const { message: greeting } = await room.nextMessage();
    assert.equal(greeting.method, 'notifications/subscriptions/acknowledged');
    room.close();
    for (const each of streams) each.close();
    const next = await eventually(() => listen(), { what: 'room for another one' });
    const { message } = await next.nextMessage();
    assert.equal(message.method, 'notifications/subscriptions/acknowledged');
    next.close();
  });

  it('keeps few of ten thousand calls that wait, and tells the others so', async () => {
    const client = clientOf('/mcp/one');
    const before = residentMegabytes(server.pid);
    let parked = 0;
    let refused = 0;
    const many = async () => {
      for (let n = 0; n < 200; n += 1) {
        const { result, error } = await client.request('tools/call', ask, elicitation);
        if (result?.resultType === 'input_required') parked += 1;
        else {
          assert.equal(error?.code, -32603);
          assert.match(error?.message ?? '', /Too many calls wait for answers/);
          refused += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 50 }, many));
    assert.deepEqual([parked, refused], [256, 9_744]);
    // those that were refused are over at the server, too
    await eventually(() => asking.waiting.size === 256, { what: 'the end of the refused calls' });
    assert(asking.mostWaiting <= 2 * 256, `${asking.mostWaiting} calls waited at once`);
    const more = residentMegabytes(server.pid) - before;
    assert(more < 200, `${more} MB more`);
    const tools = await client.request('tools/list');
    assert.equal(tools.result.tools.length, 3, 'all else goes on');
  });
});

describe('a server that stops while clients of 2026-07-28 wait', () => {
  const cleanup = useCleanup();

  it('ends their calls with the reason, leaves no process, and knows no state of before', async () => {
    const server = await startServer(cleanup);
    const rest = new Rest(server.url, await server.adminToken());
    const oddServer = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(oddServer);
    await rest.addVmcp('odd', [oddServer], { options: { tool_names: 'plain' } });
    const client = new ModernRaw(`${server.url}/mcp/odd`);
    cleanup.add(() => client.close());
    const ask = {
      name: 'ask',
      arguments: { method: 'elicitation/create', params: { message: 'Name?' } },
    };
    const states: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { result } = await client.request('tools/call', ask, elicitation);
      assert.equal(result.resultType, 'input_required');
      states.push(result.requestState);
    }
    const long = { name: 'keepGoing', arguments: { ms: 60_000 } };
    const running = await client.stream('tools/call', long, { meta: { progressToken: 1 } });
    await running.nextMessage();
    const children = childrenOf(server.pid);
    assert(children.length >= 3, `${children.length} processes: one for each call that waits`);
    const { code } = await server.stop();
    assert.equal(code, 0);
    let last = await running.nextMessage();
    while (last.message.method !== undefined) last = await running.nextMessage();
    assert.match(last.message.error?.message ?? '', /Ended: the server was stopped \(SIGTERM\)/);
    await eventually(() => !children.some(isAlive), { what: "the processes' end" });
    await server.start();
    const later = new ModernRaw(`${server.url}/mcp/odd`);
    cleanup.add(() => later.close());
    for (const requestState of states) {
      const retry = { ...ask, ...answers, requestState };
      const { error } = await later.request('tools/call', retry, elicitation);
      assert.deepEqual(error, invalidState);
    }
  });
});

function childrenOf(parent: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([ppid]) => ppid === parent)
    .map(([, pid = 0]) => pid);
}

function residentMegabytes(pid: number): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' });
  return Number(kilobytes) / 1024;
}
