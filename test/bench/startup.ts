import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Cleanup, makeTempDir } from '../support/cleanup.ts';
import { within } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { median, type Report } from './report.ts';
import { addTwo, toolsOfTwo } from './vmcpContender.ts';

/** From starting the process to the first complete tools/list, without and with a cached catalog. */
export async function measureStartup(
  cleanup: Cleanup,
  rounds: number,
  report: Report,
): Promise<void> {
  const direct: number[] = [];
  const first: number[] = [];
  const cached: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const folder = await makeTempDir(cleanup);
    direct.push(
      await timeUpstream(upstreams.everything, ['stdio']),
      await timeUpstream(upstreams.filesystem, [folder]),
    );
    const server = await startServer(cleanup);
    await addTwo(cleanup, new Rest(server.url, await server.adminToken()));
    await server.stop();
    first.push(await timeFirstList(server));
    await server.stop();
    cached.push(await timeFirstList(server));
    await assertNothingStarted(server);
    await server.stop();
  }
  const slowest = Math.max(
    median(direct.filter((_, i) => i % 2 === 0)),
    median(direct.filter((_, i) => i % 2 === 1)),
  );
  console.log(`\nslowest upstream directly: ${slowest.toFixed(0)} ms to its tools`);
  report.check({
    what: 'start to complete tools/list, first ever',
    value: median(first),
    unit: 'ms',
    atMost: Math.round(slowest + 300),
  });
  report.check({
    what: 'start to complete tools/list, cached catalog',
    value: median(cached),
    unit: 'ms',
    atMost: 500,
  });
}

/** Milliseconds. */
async function timeFirstList(server: TestServer): Promise<number> {
  const began = performance.now();
  await server.start();
  const client = new RawClient(`${server.url}/mcp/two`);
  try {
    await client.initialize();
    for (let tools = 0; tools < toolsOfTwo; ) {
      const { result } = await client.request('tools/list');
      tools = result.tools.length;
      if (performance.now() - began > 30_000) throw new Error(`only ${tools} tools after 30 s`);
    }
    return performance.now() - began;
  } finally {
    client.close();
  }
}

async function assertNothingStarted(server: TestServer): Promise<void> {
  const rest = new Rest(server.url, await server.adminToken());
  const servers: Array<{ name: string; status: string }> = await rest.ok('GET', '/api/mcp-servers');
  const started = servers.filter(({ status }) => status !== 'disconnected');
  if (started.length > 0) throw new Error(`a cached list started ${JSON.stringify(started)}`);
}

/** Milliseconds from starting a stdio server to its list of tools. */
async function timeUpstream(program: string, args: string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const send = (message: object) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const listed = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const { id } = JSON.parse(line);
      if (id === 2) resolve();
      if (id !== 1) return;
      send({ method: 'notifications/initialized' });
      send({ id: 2, method: 'tools/list' });
    });
  });
  const clientInfo = { name: 'bench', version: '1' };
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  });
  try {
    await within(listed, 30_000, `the tools of ${program}`);
    return performance.now() - began;
  } finally {
    child.kill();
    await exited;
  }
}
