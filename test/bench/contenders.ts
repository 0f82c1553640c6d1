import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { JsonObject } from '../../src/contract/json.ts';
import { type Cleanup, makeTempDir } from '../support/cleanup.ts';
import { eventually, within } from '../support/eventually.ts';
import { repository, upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import type { Round } from './load.ts';

const program = (name: string) => fileURLToPath(new URL(`./programs/${name}`, import.meta.url));

/** The upstream of all that is judged: a real server, built on the SDK as most are. */
export const realServer = upstreams.everything;
/** An upstream that takes almost no time, which leaves what the relays themselves take. */
export const bareServer = program('echoServer.mjs');

/** Something that stands between a client and an upstream. */
export interface Contender {
  name: string;
  /** What a round needs to reach it. */
  target: Pick<Round, 'url' | 'headers' | 'sse'>;
  /** The echo tool's name there. */
  echo: string;
  /** What its requests carry besides. */
  meta?: JsonObject;
}

/** Other people's proxies, for the comparison only. */
const peers = ['mcp-hub@4.2.1', 'mcp-proxy@6.7.19', 'supergateway@4.0.0'];
const peerFolder = join(repository, '.bench');

export async function startFloor(cleanup: Cleanup, server: string): Promise<Contender> {
  const url = await startPrinting(cleanup, program('floorRelay.mjs'), server);
  return { name: 'floor', target: { url }, echo: 'echo' };
}

export async function startGlued(cleanup: Cleanup, server: string): Promise<Contender> {
  const url = await startPrinting(cleanup, program('gluedProxy.mjs'), server);
  return httpContender('SDK glued', url);
}

/** The API behind an HTTP tool. @returns its address */
export function startApi(cleanup: Cleanup): Promise<string> {
  return startPrinting(cleanup, program('httpApi.mjs'));
}

/** @throws Error where one cannot be installed or started */
export async function startPeers(cleanup: Cleanup): Promise<Contender[]> {
  await installPeers();
  const upstream = [process.execPath, realServer];
  const config = join(await makeTempDir(cleanup), 'hub.json');
  const [command, ...args] = upstream;
  await writeFile(config, JSON.stringify({ mcpServers: { echo: { command, args } } }));

  const [hub, proxy, gateway] = await Promise.all([freePort(), freePort(), freePort()]);
  startPeer(cleanup, 'mcp-hub', ['--port', `${hub}`, '--config', config]);
  startPeer(cleanup, 'mcp-proxy', [
    ...['--port', `${proxy}`, '--host', '127.0.0.1', '--server', 'stream', '--', ...upstream],
  ]);
  startPeer(cleanup, 'supergateway', [
    ...['--stdio', upstream.join(' '), '--outputTransport', 'streamableHttp', '--stateful'],
    ...['--port', `${gateway}`, '--logLevel', 'none'],
  ]);
  await eventually(() => hubIsReady(hub), { timeoutMs: 30_000, what: "mcp-hub's start" });
  return [
    {
      name: 'mcp-hub',
      target: { url: `http://127.0.0.1:${hub}/mcp`, sse: true },
      echo: 'echo__echo',
    },
    await httpContender('mcp-proxy', `http://127.0.0.1:${proxy}/mcp`),
    await httpContender('supergateway', `http://127.0.0.1:${gateway}/mcp`),
  ];
}

/** Opens a session, which all rounds then share, and finds the echo tool. Waits for the start. */
export async function httpContender(name: string, url: string): Promise<Contender> {
  const client = new RawClient(url);
  try {
    await eventually(() => client.initialize(), { timeoutMs: 30_000, what: `${name}'s start` });
    const { result } = await client.request('tools/list');
    const echo = result.tools.find((tool: { name: string }) => tool.name.endsWith('echo'));
    const headers = {
      ...(client.sessionId && { 'mcp-session-id': client.sessionId }),
      ...(client.protocolVersion && { 'mcp-protocol-version': client.protocolVersion }),
    };
    return { name, target: { url, headers }, echo: echo.name };
  } finally {
    client.close();
  }
}

async function installPeers(): Promise<void> {
  const done = join(peerFolder, `installed ${peers.join(' ')}`);
  if (existsSync(done)) return;
  await mkdir(peerFolder, { recursive: true });
  await writeFile(join(peerFolder, 'package.json'), '{"private":true}\n');
  await promisify(execFile)(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...peers],
    { cwd: peerFolder, timeout: 180_000 },
  );
  await writeFile(done, '');
}

function startPeer(cleanup: Cleanup, name: string, args: string[]): void {
  const file = join(peerFolder, 'node_modules', '.bin', name);
  const child = spawn(file, args, { stdio: 'ignore', detached: true });
  cleanup.add(() => endGroup(child));
}

/** Starts a program of this folder, before an upstream where it relays. @returns the address that it prints */
async function startPrinting(cleanup: Cleanup, file: string, server?: string): Promise<string> {
  const upstream = server === undefined ? [] : [process.execPath, server];
  const child = spawn(process.execPath, [file, ...upstream], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  cleanup.add(() => endGroup(child));
  const [url] = await within(once(createInterface(child.stdout), 'line'), 10_000, 'an address');
  return url;
}

/** Ends a program and its upstream. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await exited;
}

async function hubIsReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/health`);
  const { servers = [] } = (await answer.json()) as { servers?: Array<{ status: string }> };
  return servers.some(({ status }) => status === 'connected');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
