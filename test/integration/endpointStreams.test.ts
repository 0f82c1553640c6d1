import assert from 'node:assert/strict';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import type { SseReader } from '../support/sse.ts';

describe('streams of the MCP endpoint', () => {
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;

  before(async () => {
    server = await startServer(suite);
    const rest = new Rest(server.url, await server.adminToken());
    const options = { options: { tool_names: 'plain' } };
    const everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(everything, odd);
    await rest.addVmcp('all', [everything, odd], options);
  });

  async function connect(capabilities = {}): Promise<RawClient> {
    const client = new RawClient(`${server.url}/mcp/all`);
    cleanup.add(() => client.close());
    await client.initialize({ capabilities });
    return client;
  }

  /** A call that reports progress five times in a second. */
  const longCall = (client: RawClient) =>
    client.makeRequest('tools/call', {
      name: 'trigger-long-running-operation',
      arguments: { duration: 1, steps: 5 },
      _meta: { progressToken: 'p' },
    });

  const restOf = async (stream: SseReader) => {
    const messages = [];
    for (let event = await stream.next(); event; event = await stream.next()) {
      if (event.data !== '') messages.push(JSON.parse(event.data));
    }
    return messages;
  };

  it('answer with plain JSON where the result is the first thing that comes', async () => {
    const client = await connect();
    const answer = await client.post(
      client.makeRequest('tools/call', { name: 'echo', arguments: { message: 'hi' } }),
    );
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  });

  it('begin with a priming event that holds an id and a time to wait', async () => {
    const client = await connect();
    const stream = await client.stream(longCall(client));
    const first = await stream.next();
    assert(first?.id);
    assert(first.retry && first.retry > 0);
    assert.equal(first.data, '');
    await restOf(stream);
  });

  it('go on after a cut: what was missed comes once and in order', async () => {
    const client = await connect();
    const call = longCall(client);
    const stream = await client.stream(call);
    const first = await stream.nextMessage();
    const second = await stream.nextMessage();
    assert.deepEqual(
      [first, second].map(({ message }) => message.params.progress),
      [1, 2],
    );
    stream.close();

    const resumed = await client.listen(second.id);
    const messages = await restOf(resumed);
    assert.deepEqual(
      messages.slice(0, -1).map(({ params }) => params.progress),
      [3, 4, 5],
    );
    assert.equal(messages.at(-1)?.id, call.id);
    assert(messages.at(-1)?.result);
  });

  it('go on after a cut that was noticed only when all was over', async () => {
    const client = await connect();
    const call = longCall(client);
    const stream = await client.stream(call);
    const { id } = await stream.nextMessage();
    stream.close();
    await client.request('tools/call', {
      name: 'trigger-long-running-operation',
      arguments: { duration: 1.3, steps: 1 },
    });
    const messages = await restOf(await client.listen(id));
    assert.equal(messages.length, 5); // progress 2 to 5 and the result
    assert.equal(messages.at(-1)?.id, call.id);
  });

  it('of another session cannot be resumed', async () => {
    const [mine, other] = [await connect(), await connect()];
    const stream = await mine.stream(longCall(mine));
    const { id } = await stream.nextMessage();
    stream.close();
    const answer = await other.open('GET', undefined, {
      headers: { accept: 'text/event-stream', 'last-event-id': id ?? '' },
    });
    answer.destroy();
    assert(answer.statusCode === 404 || answer.statusCode === 400, `${answer.statusCode}`);
  });

  it('that are cut before any event cancel the call', async () => {
    const client = await connect();
    const cancelled = async () => {
      const { result } = await client.request('tools/call', { name: 'cancelled' });
      return JSON.parse(result.content[0].text).length;
    };
    const before = await cancelled();
    const stop = new AbortController();
    const hanging = client.open(
      'POST',
      JSON.stringify(client.makeRequest('tools/call', { name: 'hang' })),
      { signal: stop.signal },
    );
    hanging.catch(() => {}); // it is cut on purpose
    await client.request('ping');
    stop.abort();
    await eventually(async () => (await cancelled()) === before + 1);
  });

  it('that are cut after an event do not: the question of a call can be answered meanwhile', async () => {
    const client = await connect({ elicitation: { form: {} } });
    const call = client.makeRequest('tools/call', {
      name: 'ask',
      arguments: {
        method: 'elicitation/create',
        params: {
          mode: 'form',
          message: 'who?',
          requestedSchema: { type: 'object', properties: {} },
        },
      },
    });
    const stream = await client.stream(call);
    const { id, message: question } = await stream.nextMessage();
    assert.equal(question.method, 'elicitation/create');
    stream.close();
    const answer = await client.post({
      jsonrpc: '2.0',
      id: question.id,
      result: { action: 'accept', content: { name: 'Ada' } },
    });
    assert.equal(answer.status, 202);
    const [result] = await restOf(await client.listen(id));
    assert.equal(result?.id, call.id);
    assert.match(result?.result.content[0].text, /Ada/);
  });

  it('are not opened for a client that accepts only JSON, which gets its result in the end', async () => {
    const client = await connect();
    const call = longCall(client);
    const answer = await client.post(call, { headers: { accept: 'application/json' } });
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    assert.deepEqual(
      answer.messages.map(({ id }) => id),
      [call.id],
    );
  });

  it('open after three seconds of silence, so that no proxy in between gives up', async () => {
    const client = await connect();
    const call = client.makeRequest('tools/call', { name: 'sleep', arguments: { ms: 3_600 } });
    const began = performance.now();
    const stream = await client.stream(call);
    const headAfter = performance.now() - began;
    assert(headAfter > 2_500 && headAfter < 3_500, `${headAfter}`);
    const [result] = await restOf(stream);
    assert.equal(result?.id, call.id);
  });

  it('carry notifications of no request on the GET stream, in order', async () => {
    const client = await connect();
    const stream = await client.listen();
    for (const number of [1, 2, 3]) {
      await client.request('tools/call', {
        name: 'notify',
        arguments: { method: 'notifications/odd/news', params: { number } },
      });
    }
    const numbers = [];
    for (let i = 0; i < 3; i += 1) numbers.push((await stream.nextMessage()).message.params.number);
    stream.close();
    assert.deepEqual(numbers, [1, 2, 3]);
  });
});
