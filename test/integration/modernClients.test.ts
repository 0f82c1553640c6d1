import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { ModernRaw } from '../support/modernRaw.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

const prefix = 'io.modelcontextprotocol/';

describe('a client of 2026-07-28', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;
  let odd: ModernRaw;

  before(async () => {
    server = await startServer(suite);
    rest = new Rest(server.url, await server.adminToken());
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    const oddServer = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(everything, oddServer);
    const options = { options: { tool_names: 'plain' } };
    await rest.addVmcp('all', [everything], options);
    await rest.addVmcp('odd', [oddServer], options);
    odd = new ModernRaw(`${server.url}/mcp/odd`);
    suite.add(() => odd.close());
  });

  const call = (name: string, args: object = {}) => ({ name, arguments: args });
  const ask = call('ask', { method: 'elicitation/create', params: { message: 'Your name?' } });
  const elicitation = { capabilities: { elicitation: { form: {} } } };
  const textOf = async (name: string, options = {}) =>
    (await odd.request('tools/call', call(name), options)).result.content[0].text;
  /** `ask`, up to its question. */
  const park = async () => (await odd.request('tools/call', ask, elicitation)).result;
  /** `ask` again, with the answer. */
  const retry = (requestState: unknown, more = {}, params: object = ask) => {
    const inputResponses = { q0: { action: 'accept', content: { name: 'Ada' } } };
    return odd.request(
      'tools/call',
      { ...params, inputResponses, requestState, ...more },
      elicitation,
    );
  };
  const invalidState = {
    code: -32602,
    message: 'Invalid or expired requestState',
    data: { reason: 'invalid_request_state' },
  };

  async function connectSdk(vmcp: string): Promise<Client> {
    const client = new Client(
      { name: 'sdk', version: '1' },
      {
        capabilities: { elicitation: { form: {} }, sampling: {} },
        versionNegotiation: { mode: { pin: '2026-07-28' } },
      },
    );
    cleanup.add(() => client.close());
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp/${vmcp}`)));
    return client;
  }

  it('of the SDK lists, calls, reads, gets and completes', async () => {
    const client = await connectSdk('all');
    assert.equal(client.getProtocolEra(), 'modern');
    const { tools } = await client.listTools();
    assert(tools.some(({ name }) => name === 'get-sum'));
    const sum = await client.callTool({ name: 'get-sum', arguments: { a: 2, b: 3 } });
    assert.match(JSON.stringify(sum.content), /5/);
    const { resources } = await client.listResources();
    const [first] = resources;
    assert(first);
    const { contents } = await client.readResource({ uri: first.uri });
    assert.equal(contents.length, 1);
    const { prompts } = await client.listPrompts();
    assert(prompts.length > 0);
    const prompt = await client.getPrompt({ name: 'simple-prompt' });
    assert.equal(prompt.messages.length, 1);
    const { resourceTemplates } = await client.listResourceTemplates();
    assert(resourceTemplates.length > 0);
  });

  it('of the SDK answers what a server of the session era asks in the middle of a call', async () => {
    const client = await connectSdk('all');
    client.setRequestHandler('sampling/createMessage', async () => ({
      role: 'assistant',
      model: 'm',
      content: { type: 'text', text: 'sampled by Ada' },
    }));
    const result = await client.callTool({
      name: 'trigger-sampling-request',
      arguments: { prompt: 'hi' },
    });
    assert.match(JSON.stringify(result.content), /sampled by Ada/);
  });

  it('of the SDK hears of progress on the stream of its call', async () => {
    const client = await connectSdk('all');
    const progress: number[] = [];
    await client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 0.3, steps: 3 } },
      { onprogress: ({ progress: done }) => progress.push(done) },
    );
    assert.deepEqual(progress.slice(0, 2), [1, 2]);
  });

  it('learns what the vMCP is by server/discover', async () => {
    const { result } = await odd.request('server/discover');
    assert.deepEqual(result.supportedVersions, ['2026-07-28']);
    assert.equal(result.resultType, 'complete');
    assert.deepEqual([result.ttlMs, result.cacheScope], [0, 'private']);
    assert.deepEqual(result.capabilities.tools, { listChanged: true });
    assert.equal(result.capabilities.tasks, undefined);
    assert.equal(result._meta[`${prefix}serverInfo`].name, 'odd');
  });

  it('gets whole lists with caching hints, the same each time', async () => {
    const [first, second] = [await odd.request('tools/list'), await odd.request('tools/list')];
    assert.deepEqual(first.result, second.result);
    const { resultType, ttlMs, cacheScope, tools } = first.result;
    assert.deepEqual(
      { resultType, ttlMs, cacheScope },
      {
        resultType: 'complete',
        ttlMs: 0,
        cacheScope: 'private',
      },
    );
    assert(tools.length > 10);
    const { error } = await odd.request('tools/list', { cursor: '' });
    assert.equal(error?.code, -32602);
  });

  it('reaches servers of the session era without what they do not know', async () => {
    const options = { capabilities: { sampling: {} }, meta: { traceparent: 'x', 'own/key': 1 } };
    const more = { ...call('echo'), 'x-unknown': 1, inputResponses: {}, task: {} };
    const { result } = await odd.request('tools/call', more, options);
    const { params } = JSON.parse(result.content[0].text);
    const { progressToken: _, ...meta } = params._meta;
    assert.deepEqual(meta, { traceparent: 'x', 'own/key': 1 });
    assert.deepEqual(Object.keys(params).sort(), ['_meta', 'arguments', 'name', 'x-unknown']);
    assert.deepEqual(result['x-unknown'], { deep: [1, null] });
  });

  it('is told with status and code what is wrong', async () => {
    const list = () => odd.message('tools/list');
    const without = (key: string) => {
      const message = list();
      delete message.params._meta[prefix + key];
      return message;
    };
    const other = list();
    other.params._meta[`${prefix}protocolVersion`] = '2099-01-01';
    const level = { meta: { [`${prefix}logLevel`]: 'loud' } };
    const rows: [RpcLike, object, number, number][] = [
      [without('clientCapabilities'), {}, 400, -32602],
      [without('protocolVersion'), {}, 400, -32602],
      [odd.message('tools/list', {}, level), {}, 400, -32602],
      [other, { 'mcp-protocol-version': '2099-01-01' }, 400, -32022],
      [list(), { 'mcp-protocol-version': '2025-11-25' }, 400, -32020],
      [list(), { 'mcp-method': 'tools/call' }, 400, -32020],
      [odd.message('tools/call', call('echo')), { 'mcp-name': 'pid' }, 400, -32020],
      [odd.message('ping'), {}, 404, -32601],
      [odd.message('logging/setLevel', { level: 'info' }), {}, 404, -32601],
      [odd.message('tasks/list'), {}, 404, -32601],
      [odd.message('tools/call', call('nothing')), {}, 200, -32602],
      [odd.message('resources/read', { uri: 'odd://none' }), {}, 200, -32602],
    ];
    for (const [message, headers, status, code] of rows) {
      const answer = await odd.send(message, { headers: headers as Record<string, string> });
      const place = `${message.method} ${JSON.stringify(headers)} ${answer.text}`;
      assert.deepEqual([answer.status, answer.messages[0]?.error?.code], [status, code], place);
      assert.equal(answer.messages[0]?.id, message.id, place);
    }
    const unknown = await odd.request('resources/read', { uri: 'odd://none' });
    assert.equal(unknown.error?.data.uri, 'odd://none');
  });

  it('posts notifications into the void, and never gets a session', async () => {
    const raw = new RawClient(`${server.url}/mcp/odd`);
    cleanup.add(() => raw.close());
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-session-id': 'any' };
    const notification = { jsonrpc: '2.0', method: 'notifications/cancelled', params: {} };
    assert.equal((await raw.post(notification, { headers })).status, 202);
    const { headers: answered } = await odd.exchange('tools/list', {}, { headers });
    assert.equal(answered['mcp-session-id'], undefined);
  });

  it('gets log messages only if it asks for them, from its level upwards', async () => {
    const log = call('log', { data: 'hello' });
    const at = (level: string) => ({ meta: { [`${prefix}logLevel`]: level } });
    assert.equal((await odd.exchange('tools/call', log)).messages.length, 1);
    assert.equal((await odd.exchange('tools/call', log, at('error'))).messages.length, 1);
    const { messages } = await odd.exchange('tools/call', log, at('debug'));
    assert.deepEqual(messages[0]?.params, { level: 'info', data: 'hello' });
    assert.match(await textOf('levels'), /debug/);
  });

  it('cancels by closing the stream', async () => {
    const before = JSON.parse(await textOf('cancelled')).length;
    const abort = new AbortController();
    const open = odd.exchange('tools/call', call('hang'), { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await assert.rejects(open);
    await eventually(async () => JSON.parse(await textOf('cancelled')).length === before + 1);
  });

  it('is asked by an end of its call, and brings the answer with the next one', async () => {
    const asked = await park();
    assert.equal(asked.resultType, 'input_required');
    assert.deepEqual(asked.inputRequests, {
      q0: { method: 'elicitation/create', params: { message: 'Your name?' } },
    });
    const again = await retry(asked.requestState, { inputResponses: { other: {}, q0: 12 } });
    assert.deepEqual(again.result.inputRequests, asked.inputRequests);
    assert.notEqual(again.result.requestState, asked.requestState);
    const { result } = await retry(again.result.requestState);
    assert.equal(result.resultType, 'complete');
    assert.match(result.content[0].text, /Ada/);
  });

  it('cannot use a state twice, for something else, or one that it made up', async () => {
    const { requestState } = await park();
    const elsewhere = { ...ask, arguments: { ...ask.arguments, extra: 1 } };
    assert.deepEqual((await retry(requestState, {}, elsewhere)).error, invalidState);
    assert.deepEqual((await retry(`${requestState}x`)).error, invalidState);
    assert.deepEqual((await retry(7)).error, invalidState);
    assert.equal((await retry(requestState)).result.resultType, 'complete');
    assert.deepEqual((await retry(requestState)).error, invalidState);
  });

  it('is told which capability a call fails without', async () => {
    const { status, messages } = await odd.exchange('tools/call', ask);
    const [answer] = messages;
    if (answer?.error) {
      assert.equal(status, 400);
      assert.equal(answer.error.code, -32021);
      assert.deepEqual(answer.error.data.requiredCapabilities, { elicitation: { form: {} } });
    } else {
      // the server goes without it, and says what it was told
      assert.match(JSON.stringify(answer?.result), /does not support|-32601/);
    }
  });

  it('leaves nothing behind by never coming back', async () => {
    const first = await park();
    for (let n = 0; n < 9; n += 1) await park();
    assert.deepEqual((await retry(first.requestState)).error, invalidState);
    const last = await park();
    assert.equal((await retry(last.requestState)).result.resultType, 'complete');
    // sessions use the server meanwhile
    const session = new RawClient(`${server.url}/mcp/odd`);
    cleanup.add(() => session.close());
    await session.initialize();
    assert.match(JSON.stringify(await session.request('tools/call', call('pid'))), /\d+/);
  });

  it('listens to what it asked for, and to nothing else', async () => {
    const notifications = { toolsListChanged: true, resourceSubscriptions: ['odd://one'] };
    const stream = await odd.stream('subscriptions/listen', { notifications });
    const { message: first } = await stream.nextMessage();
    assert.equal(first.method, 'notifications/subscriptions/acknowledged');
    assert.deepEqual(first.params.notifications, notifications);
    const id = first.params._meta[`${prefix}subscriptionId`];
    assert.equal(typeof id, 'number');
    assert.match(await textOf('subscribed'), /\+odd:\/\/one/);
    const update = { method: 'notifications/resources/updated', params: { uri: 'odd://one' } };
    await odd.request('tools/call', call('notify', update));
    const { message: updated } = await stream.nextMessage();
    assert.deepEqual(updated.params, {
      uri: 'odd://one',
      _meta: { [`${prefix}subscriptionId`]: id },
    });
    stream.close();
    await eventually(async () => /-odd:\/\/one/.test(await textOf('subscribed')));
  });

  it('listens to changes of lists', async () => {
    await rest.addVmcp('changing', [await rest.addNodeServer('changing', upstreams.odd)]);
    const client = new ModernRaw(`${server.url}/mcp/changing`);
    cleanup.add(() => client.close());
    await client.request('tools/list');
    const notifications = { toolsListChanged: true };
    const stream = await client.stream('subscriptions/listen', { notifications });
    await stream.nextMessage();
    await client.request('tools/call', call('changing.changeTools'));
    const { message: changed } = await stream.nextMessage();
    assert.equal(changed.method, 'notifications/tools/list_changed');
    stream.close();
  });

  it('is told on purpose when the vMCP that it listens to is deleted', async () => {
    const vmcp = await rest.addVmcp('short-lived', []);
    const client = new ModernRaw(`${server.url}/mcp/short-lived`);
    cleanup.add(() => client.close());
    const stream = await client.stream('subscriptions/listen', { notifications: {} });
    await stream.nextMessage();
    await rest.ok('DELETE', `/api/vmcps/${vmcp}`);
    const { message } = await stream.nextMessage();
    assert.equal(message.result.resultType, 'complete');
    assert.equal(await stream.next(), undefined);
  });
});

type RpcLike = ReturnType<ModernRaw['message']>;
