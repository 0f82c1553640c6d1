import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import type { ServerEvent } from '../../src/contract/events.ts';
import { type LinkState, ServerLink } from '../../src/serverLink/serverLink.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { repository, serverProgram, upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';

type Connected = Extract<LinkState, { status: 'connected' }>;

/** One window's link, and what it was told. */
class TestLink {
  readonly states: LinkState[] = [];
  readonly events: ServerEvent[] = [];
  readonly link: ServerLink;
  folders: { uri: string; name: string }[] = [];

  constructor(dataDir: string, version: string, directory: string) {
    this.link = new ServerLink(
      {
        dataDir,
        source: { version, directory },
        install: true,
        takeOver: true,
        socket: WebSocket,
        serverArguments: ['--grace-seconds', '1'],
        lease: () => {
          const { folders } = this;
          return { type: 'lease', holder: 'window', version, env: { A: version }, folders };
        },
      },
      {
        stateChanged: (state) => this.states.push(state),
        eventReceived: (event) => this.events.push(event),
      },
    );
  }

  connected(unlike?: number): Promise<Connected> {
    const state = () =>
      this.link.state.status === 'connected' && this.link.state.server.pid !== unlike
        ? this.link.state
        : undefined;
    return eventually(state, { timeoutMs: 25_000, what: 'the connection' });
  }
}

describe('windows and their server', () => {
  const cleanup = useCleanup();
  let dataDir: string;
  let version: string;
  let links: TestLink[];

  beforeEach(async () => {
    links = [];
    dataDir = await makeTempDir(cleanup);
    // The server ends by itself, 1 s after the last link; its folder goes after that.
    cleanup.add(async () => {
      const states = links.map(({ link }) => link.state);
      await Promise.all(links.map(({ link }) => link.close()));
      for (const state of states) {
        if (state.status !== 'connected') continue;
        const ended = () => !isAlive(state.server.pid);
        await eventually(ended, { timeoutMs: 20_000, what: 'the end of the server' });
      }
    });
    version = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')).version;
  });

  function open(from: { version: string; directory: string }): TestLink {
    const link = new TestLink(dataDir, from.version, from.directory);
    links.push(link);
    link.link.open();
    return link;
  }

  const current = () => ({ version, directory: dirname(serverProgram) });

  /** The built server under a higher version number. */
  async function newer() {
    const directory = join(await makeTempDir(cleanup), 'dist');
    await cp(dirname(serverProgram), directory, { recursive: true });
    const program = join(directory, 'server.js');
    const text = await readFile(program, 'utf8');
    await writeFile(program, text.replaceAll(`"${version}"`, '"99.0.0"'));
    return { version: '99.0.0', directory };
  }

  it('share the one that the first of them starts', async () => {
    for (let n = 0; n < 3; n++) open(current());
    const states = await Promise.all(links.map((link) => link.connected()));
    assert.equal(new Set(states.map(({ server }) => server.pid)).size, 1);
    const [first, , third] = links;
    await states[0]?.client.createVmcp({ name: 'dev' });
    await eventually(() => third?.events.some(({ type }) => type === 'vmcp.changed'));
    assert(first?.states.every(({ status }) => status !== 'failed'));
  });

  it('have other clients start the launcher by an entry that no update of VS Code breaks', async () => {
    const { client } = await open(current()).connected();
    const { vmcp_id } = await client.createVmcp({ name: 'dev' });
    const { launcher } = await client.endpoint(vmcp_id);
    const isScript = process.platform !== 'win32';
    assert.equal(JSON.stringify(launcher).includes(process.execPath), !isScript);
    const { command, args } = launcher;
    const { client: other } = await connectClient(cleanup, { command, args });
    assert.deepEqual((await other.listTools()).tools, []);
    await other.close();
  });

  it('list servers of their workspace folder before any client does', async () => {
    const window = open(current());
    const { server } = await window.connected();
    const rest = new Rest(`http://127.0.0.1:${server.port}`, server.adminToken);
    const config = { command: process.execPath, args: [upstreams.odd], cwd: `\${workspaceFolder}` };
    const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
      ...{ name: 'files', transport_type: 'stdio', config },
    });
    const connect = () => rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
    assert.match(JSON.stringify(await connect()), /has no folder open/);

    const folder = await makeTempDir(cleanup);
    window.folders = [{ uri: pathToFileURL(folder).href, name: 'one' }];
    window.link.renew();
    const connected = async () => ((await connect()).status === 200 ? true : undefined);
    await eventually(connected, { what: 'a connection in the folder that was opened' });
  });

  it('go on with one new server when it was killed', async () => {
    for (let n = 0; n < 2; n++) open(current());
    const [state] = await Promise.all(links.map((link) => link.connected()));
    const pid = state?.server.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    const next = await Promise.all(links.map((link) => link.connected(pid)));
    assert.equal(new Set(next.map(({ server }) => server.pid)).size, 1);
    assert.equal(next[0]?.server.port, state?.server.port);
  });

  it('start it again when one of them asks for it, without calling that a crash', async () => {
    for (let n = 0; n < 2; n++) open(current());
    for (let round = 0; round < 3; round++) {
      const [state] = await Promise.all(links.map((link) => link.connected()));
      const pid = state?.server.pid ?? 0;
      await links[0]?.link.restart();
      await Promise.all(links.map((link) => link.connected(pid)));
    }
    for (const { states } of links) assert(states.every(({ status }) => status !== 'failed'));
  });

  it('follow a newer version, and never go back to an older one', async () => {
    const old = open(current());
    const first = await old.connected();
    assert.equal(first.server.version, version);
    const successor = open(await newer());
    const second = await successor.connected();
    assert.equal(second.server.version, '99.0.0');
    assert.equal((await old.connected(first.server.pid)).server.pid, second.server.pid);
    assert(old.events.some((event) => event.type === 'stopping' && event.successor));

    process.kill(second.server.pid, 'SIGKILL');
    assert.equal((await old.connected(second.server.pid)).server.version, '99.0.0');
    await successor.connected(second.server.pid);
  });

  it('say so when it dies again and again, and start it at once when they are told to', async () => {
    const link = open(current());
    for (let deaths = 0; deaths < 3; deaths++) {
      const { server } = await link.connected();
      process.kill(server.pid, 'SIGKILL');
      await eventually(() => link.link.state.status !== 'connected');
    }
    const failed = await eventually(() => link.states.find(({ status }) => status === 'failed'));
    assert(failed.status === 'failed');
    assert.equal(failed.error.code, 'crashing');
    await link.link.restart();
    await link.connected();
  });

  it('say why it does not start', async () => {
    const broken = join(await makeTempDir(cleanup), 'dist');
    await cp(dirname(serverProgram), broken, { recursive: true });
    await writeFile(join(broken, 'server.js'), 'throw new Error("broken on purpose")');
    const link = open({ version, directory: broken });
    const failed = await eventually(() => link.states.find(({ status }) => status === 'failed'), {
      timeoutMs: 20_000,
    });
    assert(failed.status === 'failed');
    assert.equal(failed.error.code, 'not_started');
    assert.match(failed.error.message, /ended right after its start[\s\S]*server\.log/);
    assert.match(await readFile(join(dataDir, 'server.log'), 'utf8'), /broken on purpose/);
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
