import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { useCleanup } from '../support/cleanup.ts';
import { EditorWindow } from '../support/editorWindow.ts';
import { eventually, within } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { ModernRaw } from '../support/modernRaw.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const invalidState = {
  code: -32602,
  message: 'Invalid or expired requestState',
  data: { reason: 'invalid_request_state' },
};
const elicitation = { elicitation: { form: {} } };
const watched = 'test://watched-resource';

describe('a server of 2026-07-28 made with the SDK', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;

  before(async () => {
    const child = spawn(process.execPath, [upstreams.modern], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    suite.add(async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    const listening = once(createInterface(child.stdout), 'line');
    const [url] = await within(listening, 20_000, "the fixture's address");
    server = await startServer(suite);
    rest = new Rest(server.url, await server.adminToken());
    const { server_id: remote } = await rest.ok('POST', '/api/mcp-servers', {
      ...{ name: 'remote', transport_type: 'http', config: { url } },
    });
    const local = await rest.addNodeServer('local', upstreams.modern, ['--stdio']);
    await rest.connect(remote, local);
    const options = { options: { tool_names: 'plain' } };
    await rest.addVmcp('http', [remote], options);
    await rest.addVmcp('stdio', [local], options);
    await rest.addVmcp('other', [local], options);
    await rest.addVmcp('composed', [local], {
      ...options,
      custom_tools: [
        {
          name: 'twice',
          tool_type: 'composite',
          steps: [{ id: 'one', tool: 'local.test_input_required_result_elicitation' }],
        },
      ],
    });
  });

  const endpoint = (vmcp: string) => `${server.url}/mcp/${vmcp}`;
  const raw = (vmcp: string) => {
    const client = new ModernRaw(endpoint(vmcp));
    cleanup.add(() => client.close());
    return client;
  };
  const session = (vmcp: string, answers = {}) =>
    connectClient(cleanup, { http: endpoint(vmcp) }, answers);
  const everything = {
    roots: ['file:///home'],
    sampling: () => ({ role: 'assistant' as const, model: 'm', content: text('Paris') }),
    elicitation: () => ({
      action: 'accept' as const,
      content: { name: 'Ada', color: 'red', context: 'here', ok: 'yes' },
    }),
  };
  const tool = (name: string) => `test_input_required_result_${name}`;
  const call = (name: string) => ({ name, arguments: {} });
  const textOf = (result: object) =>
    (result as { content: { text: string }[] }).content.map((block) => block.text).join(' ');
  const inFlight = async () =>
    (await rest.ok('GET', '/api/admin/diagnostics')).counts.calls_in_flight;

  for (const vmcp of ['http', 'stdio']) {
    it(`asks the client of a session in the middle of its call (${vmcp})`, async () => {
      const { client, questions } = await session(vmcp, everything);
      const rows: [string, RegExp, number][] = [
        ['elicitation', /Hello, Ada!/, 1],
        ['sampling', /Paris/, 1],
        ['list_roots', /file:\/\/\/home/, 1],
        ['multiple_inputs', /Ada, Paris, file:\/\/\/home/, 3],
        ['multi_round', /Ada likes red/, 2],
        ['request_state', /state-ok/, 1],
      ];
      for (const [name, answer, count] of rows) {
        questions.length = 0;
        assert.match(textOf(await client.callTool(call(tool(name)))), answer);
        assert.equal(questions.length, count, name);
      }
      const prompt = await client.getPrompt({ name: tool('prompt') });
      assert.match(JSON.stringify(prompt.messages), /Context: here/);
    });

    it(`ends a call of a modern client with its own questions, keys and rounds (${vmcp})`, async () => {
      const { result } = await raw(vmcp).request('tools/call', call(tool('elicitation')), {
        capabilities: elicitation,
      });
      assert.deepEqual(Object.keys(result.inputRequests), ['user_name']);
      assert.equal(result._meta['io.modelcontextprotocol/serverInfo'].name, 'modern');
    });
  }

  it('is used by a client of the SDK of its own era', async () => {
    const asked: string[] = [];
    const client = new Client(
      { name: 'sdk', version: '1' },
      {
        capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} },
        versionNegotiation: { mode: { pin: '2026-07-28' } },
      },
    );
    client.setRequestHandler('elicitation/create', () => {
      asked.push('elicitation');
      return everything.elicitation();
    });
    client.setRequestHandler('sampling/createMessage', () => everything.sampling());
    client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///home' }] }));
    cleanup.add(() => client.close());
    await client.connect(new StreamableHTTPClientTransport(new URL(endpoint('http'))));
    const outcome = await client.callTool(call(tool('multiple_inputs')));
    assert.match(textOf(outcome), /Ada, Paris, file:\/\/\/home/);
    const rounds = await client.callTool(call(tool('multi_round')));
    assert.match(textOf(rounds), /Ada likes red/);
    assert.equal(asked.length, 3);
    const { structuredContent } = await client.callTool(call('list_numbers'));
    assert.deepEqual(structuredContent, [1, 2, 3]);
  });

  it('gives sessions only what sessions know', async () => {
    const { client } = await session('http');
    const { tools } = await client.listTools();
    const listed = tools.find(({ name }) => name === 'list_numbers');
    assert.deepEqual(listed?.outputSchema?.required, ['result']);
    const result = await client.callTool(call('list_numbers'));
    assert.deepEqual(result.structuredContent, { result: [1, 2, 3] });
    assert.deepEqual(Object.keys(result).sort(), ['content', 'structuredContent']);
    const unknown = client.readResource({ uri: 'test://template' });
    await assert.rejects(unknown, { code: -32002 });
    const { contents } = await client.readResource({ uri: 'test://static-text' });
    assert.equal(contents.length, 1);
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'test_prompt_with_arguments' },
      argument: { name: 'arg1', value: 'test' },
    });
    assert.deepEqual(completion.values, ['testing']);
  });

  it('passes progress and log messages to clients of both eras', async () => {
    const { client, of } = await session('http').then((recording) => ({
      client: recording.client,
      of: (method: string) => recording.of(method),
    }));
    await client.callTool(call('test_tool_with_logging'));
    assert.deepEqual(of('notifications/message'), []);
    await client.setLoggingLevel('debug');
    await client.callTool(call('test_tool_with_logging'));
    assert.equal(of('notifications/message').length, 3);
    const progress: number[] = [];
    await client.callTool(call('test_tool_with_progress'), undefined, {
      onprogress: (each) => progress.push(each.progress),
    });
    assert.deepEqual(progress, [0, 50, 100]);
    const meta = { progressToken: 0, 'io.modelcontextprotocol/logLevel': 'info' };
    const modern = await raw('http').exchange('tools/call', call('test_tool_with_logging'), {
      meta,
    });
    assert.equal(modern.messages.length, 4);
  });

  for (const vmcp of ['http', 'stdio']) {
    it(`tells sessions and listeners of changes (${vmcp})`, async () => {
      const recording = await session(vmcp);
      await recording.client.subscribeResource({ uri: watched });
      const listener = raw(vmcp);
      const notifications = { toolsListChanged: true, resourceSubscriptions: [watched] };
      const stream = await listener.stream('subscriptions/listen', { notifications });
      const { message: acknowledged } = await stream.nextMessage();
      assert.deepEqual(acknowledged.params.notifications, notifications);
      await recording.client.callTool(call('update_resource'));
      const { message } = await stream.nextMessage();
      assert.equal(message.method, 'notifications/resources/updated');
      assert.equal(message.params.uri, watched);
      await eventually(() => recording.of('notifications/resources/updated').length === 1);
      stream.close();
      await recording.client.unsubscribeResource({ uri: watched });
    });
  }

  it('that needs what the client lacks is not made up for', async () => {
    const { client } = await session('http');
    await assert.rejects(client.callTool(call(tool('elicitation'))), /elicitation/);
    const { messages, status } = await raw('http').exchange('tools/call', call(tool('sampling')));
    assert.equal(status, 400);
    assert.equal(messages[0]?.error?.code, -32021);
    assert.deepEqual(messages[0]?.error?.data.requiredCapabilities, { sampling: {} });
  });

  it('gets its state back only from the client, the vMCP and the call that it was for, and once', async () => {
    const client = raw('stdio');
    const ask = call(tool('request_state'));
    const options = { capabilities: elicitation };
    const inputResponses = { confirm: { action: 'accept', content: { ok: 'yes' } } };
    const first = (await client.request('tools/call', ask, options)).result;
    const retry = (requestState: unknown, more = {}, by = client) =>
      by.request('tools/call', { ...ask, inputResponses, requestState, ...more }, options);
    const { requestState } = first;
    assert.deepEqual((await retry(requestState, { arguments: { a: 1 } })).error, invalidState);
    assert.deepEqual(
      (await retry(requestState, { name: tool('elicitation') })).error,
      invalidState,
    );
    assert.deepEqual((await retry(requestState, {}, raw('other'))).error, invalidState);
    assert.deepEqual((await retry(`${requestState}A`)).error, invalidState);
    assert.deepEqual((await retry('v1.e30.AAAA')).error, invalidState);
    assert.match(textOf((await retry(requestState)).result), /state-ok/);
    assert.deepEqual((await retry(requestState)).error, invalidState);
  });

  it('is asked by an own tool around its tool, for a client of either era', async () => {
    const { client } = await session('composed', everything);
    assert.match(textOf(await client.callTool(call('twice'))), /Hello, Ada!/);
    const modern = raw('composed');
    const options = { capabilities: elicitation };
    const { result } = await modern.request('tools/call', call('twice'), options);
    assert.equal(result.resultType, 'input_required');
    const [key = ''] = Object.keys(result.inputRequests);
    const inputResponses = { [key]: { action: 'accept', content: { name: 'Eve' } } };
    const retry = { ...call('twice'), inputResponses, requestState: result.requestState };
    const { result: done } = await modern.request('tools/call', retry, options);
    assert.match(textOf(done), /Hello, Eve!/);
  });

  it('is answered by VS Code where the client cannot, whatever the era of that', async () => {
    const window = await EditorWindow.open(cleanup, server);
    const { client } = await session('http');
    const answered = [
      client.callTool(call(tool('elicitation'))),
      raw('http')
        .request('tools/call', call(tool('elicitation')))
        .then(({ result }) => result),
    ];
    for (const name of ['Ada', 'Eve']) {
      const question = await window.nextQuestion();
      assert.equal(question.tool, tool('elicitation'));
      await window.answer(question, { action: 'accept', content: { name } });
    }
    const texts = (await Promise.all(answered)).map(textOf).sort();
    assert.deepEqual(texts, ['Hello, Ada!', 'Hello, Eve!']);
    await window.close();
  });

  it('leaves nothing behind for clients that never come back', async () => {
    const client = raw('http');
    const options = { capabilities: elicitation };
    await Promise.all(
      Array.from({ length: 300 }, () =>
        client.request('tools/call', call(tool('elicitation')), options),
      ),
    );
    const { client: gone } = await session('http', {
      elicitation: () => new Promise<never>(() => {}),
    });
    const abort = new AbortController();
    const open = gone.callTool(call(tool('elicitation')), undefined, { signal: abort.signal });
    const ended = assert.rejects(open);
    await eventually(async () => (await inFlight()) === 1);
    abort.abort();
    await ended;
    await eventually(async () => (await inFlight()) === 0);
  });
});
