import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CallToolResultSchema, ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { type ServerFile, serverFileSchema } from '../../src/contract/admin.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually, within } from '../support/eventually.ts';
import { type Answers, connectClient, type RecordingClient } from '../support/mcpClient.ts';
import { launcherProgram, upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';

describe('the launcher', () => {
  const cleanup = useCleanup();
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await makeTempDir(cleanup);
    cleanup.add(async () => {
      const server = await serverFile().catch(() => undefined);
      if (!server) return;
      process.kill(server.pid, 'SIGTERM');
      await eventually(() => !isAlive(server.pid), { timeoutMs: 15_000, what: 'the end' });
    });
  });

  async function serverFile(): Promise<ServerFile> {
    return serverFileSchema.parse(JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')));
  }

  function connect(vmcp: string, answers: Answers = {}): Promise<RecordingClient> {
    const args = [launcherProgram, '--data-dir', dataDir, '--vmcp', vmcp];
    return connectClient(cleanup, { command: process.execPath, args }, answers);
  }

  /** Starts a server through a launcher for a vMCP that does not exist, and fills it. */
  async function prepare(): Promise<void> {
    await assert.rejects(connect('dev'), /Unknown vMCP/);
    const { port, adminToken } = await serverFile();
    const rest = new Rest(`http://127.0.0.1:${port}`, adminToken);
    const server = await rest.addNodeServer('every', upstreams.everything, ['stdio']);
    await rest.ok('POST', `/api/mcp-servers/${server}/connect`);
    await rest.addVmcp('dev', [server]);
  }

  async function echo(client: RecordingClient, message: string): Promise<unknown> {
    const params = { name: 'every_echo', arguments: { message } };
    const result = await client.client.request(
      { method: 'tools/call', params },
      CallToolResultSchema,
    );
    return result.content;
  }

  it('starts the server and relays a vMCP, progress and questions included', async () => {
    await prepare();
    const client = await connect('dev', {
      sampling: () => ({
        role: 'assistant',
        content: { type: 'text', text: 'from the client' },
        model: 'm',
      }),
    });
    const { tools } = await client.client.request({ method: 'tools/list' }, ListToolsResultSchema);
    assert(tools.some(({ name }) => name === 'every_echo'));
    assert.deepEqual(await echo(client, 'hi'), [{ type: 'text', text: 'Echo: hi' }]);

    const progress: number[] = [];
    const slow = 'every_trigger-long-running-operation';
    await client.client.callTool(
      { name: slow, arguments: { duration: 0.6, steps: 3 } },
      undefined,
      { onprogress: ({ progress: at }) => progress.push(at) },
    );
    // The SDK's client drops the last one where it comes together with the result.
    assert.deepEqual(progress.slice(0, 2), [1, 2]);

    const sampled = await client.client.callTool({
      name: 'every_trigger-sampling-request',
      arguments: { prompt: 'x', maxTokens: 5 },
    });
    assert.match(JSON.stringify(sampled.content), /from the client/);
  });

  it('shares one server with other launchers', async () => {
    await prepare();
    const clients = await Promise.all([connect('dev'), connect('DEV')]);
    const answers = await Promise.all(clients.map((client, i) => echo(client, `n${i}`)));
    assert.deepEqual(
      answers,
      [0, 1].map((i) => [{ type: 'text', text: `Echo: n${i}` }]),
    );
  });

  it('starts one server where several begin at once', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => connect('none')));
    for (const outcome of outcomes) {
      assert(outcome.status === 'rejected');
      assert.match(String(outcome.reason), /Unknown vMCP/);
    }
    assert(isAlive((await serverFile()).pid));
  });

  it('goes on with its session after the server was killed', async () => {
    await prepare();
    const client = await connect('dev');
    await echo(client, 'before');
    const { pid } = await serverFile();
    process.kill(pid, 'SIGKILL');
    await eventually(() => !isAlive(pid), { what: 'the death' });
    assert.deepEqual(await echo(client, 'after'), [{ type: 'text', text: 'Echo: after' }]);
    assert.notEqual((await serverFile()).pid, pid);
  });

  it('ends with 0 when the client closes its side, after the answers that were owed', async () => {
    await prepare();
    const child = spawn(
      process.execPath,
      [launcherProgram, '--data-dir', dataDir, '--vmcp', 'dev'],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stdin.end(
      [
        '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"pipe","version":"1"}}}',
        '{"jsonrpc":"2.0","method":"notifications/initialized"}',
        'no JSON',
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"every_echo","arguments":{"message":"last"}}}',
      ].join('\n'),
    );
    const [code] = await within(once(child, 'close'), 15_000, 'its end');
    assert.equal(code, 0);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ id }) => id),
      [0, null, 1],
    );
    assert.equal(lines[1].error.code, -32700);
    assert.equal(lines[2].result.content[0].text, 'Echo: last');
  });

  it('says on stderr what is wrong with its arguments', async () => {
    const child = spawn(process.execPath, [launcherProgram, '--nonsense'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(errors, /--nonsense[\s\S]*usage:/);
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
