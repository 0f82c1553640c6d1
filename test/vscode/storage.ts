import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerFile, serverFileSchema } from '../../src/contract/admin.ts';
import { eventually } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import type { AgentWindow } from './agentWindow.ts';
import { processes } from './processes.ts';

/** The folder where the windows of one VS Code have their server. */
export class Storage {
  constructor(readonly folder: string) {}

  async server(): Promise<ServerFile> {
    return serverFileSchema.parse(
      JSON.parse(await readFile(join(this.folder, 'server.json'), 'utf8')),
    );
  }

  async rest(): Promise<Rest> {
    const { port, adminToken } = await this.server();
    return new Rest(`http://127.0.0.1:${port}`, adminToken);
  }

  /** The server processes that run on this folder. */
  servers(): number[] {
    return processes()
      .filter(({ command }) => command.includes('server.js') && command.includes('--managed'))
      .filter(({ command }) => command.includes(this.folder))
      .map(({ pid }) => pid);
  }

  /** So that a test that fails leaves nothing behind. */
  async endServers(): Promise<void> {
    for (const pid of this.servers()) process.kill(pid, 'SIGTERM');
    await eventually(() => this.servers().length === 0, { what: 'the end' });
  }

  /** Waits until a window has activated the extension, and the server runs. */
  async awaitServer(window: AgentWindow): Promise<ServerFile> {
    await eventually(
      () => window.run((vscode) => vscode.extensions.getExtension('vmcp.vmcp')?.isActive),
      { timeoutMs: 60_000, what: 'the activation' },
    );
    return eventually(() => this.server(), { what: 'the server' });
  }
}

/** The shortest way through everything: a server, a vMCP of it, and a call of VS Code to a tool. */
export async function checkToolCall(window: AgentWindow, storage: Storage): Promise<void> {
  await storage.awaitServer(window);
  const rest = await storage.rest();
  const server = await rest.addNodeServer('every', upstreams.everything, ['stdio']);
  await rest.addVmcp('dev', [server]);
  const echo = await window.startVmcp('dev', 'every_echo');
  assert.match(await window.invoke(echo, { message: 'smoke' }), /Echo: smoke/);
}
