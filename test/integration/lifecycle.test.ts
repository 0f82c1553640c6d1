import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('the life of the server process', () => {
  const cleanup = useCleanup();

  /** A server with one vMCP `odd`, whose server runs. */
  async function startWithOdd(): Promise<{ server: TestServer; rest: Rest; oddPid: number }> {
    const server = await startServer(cleanup);
    const rest = new Rest(server.url, await server.adminToken());
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    await rest.addVmcp('odd', [odd], { options: { tool_names: 'plain' } });
    return { server, rest, oddPid: await pidOfOdd(server) };
  }

  async function pidOfOdd(server: TestServer): Promise<number> {
    const client = connect(server);
    const { result } = await client.request('tools/call', { name: 'pid' });
    return Number(result.content[0].text);
  }

  function connect(server: TestServer): RawClient {
    const client = new RawClient(`${server.url}/mcp/odd`);
    cleanup.add(() => client.close());
    return client;
  }

  it('ends on SIGTERM with code 0, its children gone, and what was written kept', async () => {
    const { server, rest, oddPid } = await startWithOdd();
    await rest.addVmcp('written last', []);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert(!isAlive(oddPid));
    await server.start();
    const again = new Rest(server.url, await server.adminToken());
    const names = (await again.ok('GET', '/api/vmcps')).map(({ name }: { name: string }) => name);
    assert.deepEqual(names.sort(), ['odd', 'written last']);
  });

  it('is compiled at its first start only', async () => {
    const server = await startServer(cleanup);
    await server.stop();
    const compiled = join(server.dataDir, 'compiled.bin');
    const { mtimeMs } = await stat(compiled);
    await server.start();
    await server.stop();
    assert.equal((await stat(compiled)).mtimeMs, mtimeMs, 'the second start took it as it was');
  });

  it('lets calls in flight finish before it ends', async () => {
    const { server } = await startWithOdd();
    const client = connect(server);
    await client.initialize();
    const call = client.request('tools/call', { name: 'sleep', arguments: { ms: 1_500 } });
    await client.request('ping');
    const stopped = server.stop();
    assert.match(JSON.stringify((await call).result), /slept/);
    assert.equal((await stopped).code, 0);
  });

  it('waits for no call longer than 5 s; that one gets a clear error', async () => {
    const { server } = await startWithOdd();
    const client = connect(server);
    await client.initialize();
    const call = client.request('tools/call', { name: 'hang' });
    await client.request('ping');
    const began = performance.now();
    const stopped = server.stop();
    const { result, error } = await call;
    assert.match(error?.message ?? result.content[0].text, /stop|end|clos|shut/i);
    assert.equal((await stopped).code, 0);
    assert(performance.now() - began < 9_000);
  });

  it('leaves no child behind when it is killed', async () => {
    const { server } = await startWithOdd();
    const client = connect(server);
    const { result } = await client.request('tools/call', { name: 'fork' });
    const pids = [await pidOfOdd(server), Number(result.content[0].text)];
    assert(pids.every(isAlive));
    await server.kill9();
    await eventually(() => !pids.some(isAlive), { timeoutMs: 10_000, what: "the children's end" });
  });

  it('goes on with the sessions of its clients after a kill and a start', async () => {
    const { server } = await startWithOdd();
    const client = connect(server);
    await client.initialize({ protocolVersion: '2025-06-18' });
    await client.request('logging/setLevel', { level: 'debug' });
    await client.request('resources/subscribe', { uri: 'odd://one' });
    await client.request('tools/call', { name: 'echo' });
    await server.kill9();
    await server.start();

    const after = new RawClient(`${server.url}/mcp/odd`);
    cleanup.add(() => after.close());
    after.sessionId = client.sessionId;
    after.protocolVersion = client.protocolVersion;
    const stream = await after.listen();
    const { result } = await after.request('tools/call', { name: 'echo' });
    assert(result);
    const params = { uri: 'odd://one' };
    await after.request('tools/call', {
      name: 'notify',
      arguments: { method: 'notifications/resources/updated', params },
    });
    const { message } = await stream.nextMessage();
    assert.equal(message.method, 'notifications/resources/updated');
    const logged = await after.post(
      after.makeRequest('tools/call', { name: 'log', arguments: { data: 'still heard' } }),
    );
    assert.equal(logged.messages[0]?.params.data, 'still heard'); // on the stream of its call
    stream.close();
  });

  it('answers an SDK client again after a restart, without a new session', async () => {
    const { server } = await startWithOdd();
    const { client } = await connectClient(cleanup, { http: `${server.url}/mcp/odd` });
    await client.callTool({ name: 'echo' });
    await server.restart();
    const answer = await client.callTool({ name: 'echo' });
    assert(Array.isArray(answer.content));
  });

  it('is one per folder: a second one says so and ends', async () => {
    const { server } = await startWithOdd();
    const second = startServer(cleanup, { dataDir: server.dataDir });
    await assert.rejects(second, /ended \([1-9]\d*\)/);
    assert((await fetch(`${server.url}/health`)).ok);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
