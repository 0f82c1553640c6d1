import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { connectClient } from '../support/mcpClient.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('Consent to what is started', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let server: TestServer;
  let outside: CheckedRest;
  let user: CheckedRest;
  /** Writes a file when it is started, then is a server with tools. */
  let program: string;
  let folder: string;
  let count = 0;

  before(async () => {
    folder = await makeTempDir(cleanup);
    program = join(folder, 'marking.mjs');
    await writeFile(
      program,
      `import { writeFileSync } from 'node:fs';
      writeFileSync(process.argv[2], 'started');
      process.argv = [process.argv[0], ${JSON.stringify(upstreams.everything)}, 'stdio'];
      await import(${JSON.stringify(upstreams.everything)});`,
    );
    server = await startServer(cleanup, { args: ['--trust', 'none'] });
    await open();
  });

  async function open(): Promise<void> {
    outside = await CheckedRest.open(server.url);
    user = await CheckedRest.open(server.url, await server.adminToken());
  }

  const newMark = () => join(folder, `started-${++count}`);
  const add = (rest: CheckedRest, mark: string, more = {}) =>
    rest.addNodeServer(`marking ${count}`, program, [mark], more);
  const get = (id: string) => user.ok('GET', `/api/mcp-servers/${id}`);
  const answer = async (id: string, decision: 'allow' | 'deny') => {
    const { consent } = await get(id);
    const body = { decision, request: consent.request };
    return user.ok('POST', `/api/mcp-servers/${id}/consent`, body);
  };

  it('is waited for where others than VS Code add a program, whatever asks for it', async () => {
    const mark = newMark();
    const id = await add(outside, mark, { start: 'always' });
    const vmcp = await outside.addVmcp('waiting', [id]);
    const { status, consent } = await get(id);
    assert.deepEqual([status, consent.state], ['consent_required', 'required']);

    const connected = await outside.send('POST', `/api/mcp-servers/${id}/connect`);
    assert.equal(connected.status, 409);
    assert.match(connected.body.detail, /waits until its user allows it/);
    const restarted = await outside.send('POST', `/api/mcp-servers/${id}/restart`);
    assert.equal(restarted.status, 409);
    const called = await outside.send('POST', `/api/mcp-servers/${id}/tools/call`, {
      name: 'echo',
      arguments: { message: 'x' },
    });
    assert.equal(called.status, 409);
    const { client } = await connectClient(cleanup, { http: `${server.url}/mcp/${vmcp}` });
    assert.deepEqual((await client.listTools()).tools, []);
    assert.equal(existsSync(mark), false);

    const allowed = await answer(id, 'allow');
    assert.equal(allowed.consent.state, 'given');
    await eventually(() => existsSync(mark)); // start: always
    await user.connect(id);
    const result = await client.callTool({ name: 'marking_1_echo', arguments: { message: 'hi' } });
    assert.match(JSON.stringify(result.content), /hi/);
  });

  it('is not asked for what VS Code adds', async () => {
    const mark = newMark();
    const id = await add(user, mark);
    assert.equal((await get(id)).consent.state, 'given');
    await outside.connect(id);
    assert.ok(existsSync(mark));
  });

  it('ends with every change of the command from outside, and the program with it', async () => {
    const id = await add(user, newMark());
    await user.connect(id);
    const vmcp = await user.addVmcp('changing', [id]);
    const { config } = await get(id);
    const [script, mark] = config.args;
    const other = newMark();
    const changes = [
      { ...config, args: [script, other] },
      { ...config, args: [script, mark, '--more'] },
      { ...config, args: [script, mark], cwd: folder },
      { ...config, args: [script, mark], env: { NODE_OPTIONS: '--trace-warnings' } },
      { ...config, args: [script, mark], env: { NODE_OPTIONS: '--no-warnings' } },
    ];
    for (const changed of changes) {
      const put = await outside.ok('PUT', `/api/mcp-servers/${id}`, { config: changed });
      assert.equal(put.status, 'consent_required', JSON.stringify(changed));
      const result = await outside.ok('POST', `/api/vmcps/${vmcp}/tools/call`, {
        name: `marking ${count - 1}.echo`,
        arguments: { message: 'x' },
      });
      assert.equal(result.isError, true);
      assert.match(result.content[0].text, /Allow it in VS Code/);
      assert.equal((await answer(id, 'allow')).consent.state, 'given');
    }
    assert.equal(existsSync(other), false);
  });

  it('stays where the command stays: another name, another description, the same body', async () => {
    const id = await add(user, newMark());
    const body = await outside.ok('GET', `/api/mcp-servers/${id}`);
    const put = await outside.ok('PUT', `/api/mcp-servers/${id}`, { ...body, name: 'renamed' });
    assert.equal(put.consent.state, 'given');
  });

  it('is asked for addresses of remote servers, since credentials go there', async () => {
    const remote = { transport_type: 'http', config: { url: 'http://127.0.0.1:9/mcp' } };
    const { server_id: id } = await user.ok('POST', '/api/mcp-servers', {
      ...remote,
      name: 'remote',
      auth: { type: 'bearer', token: 'secret' },
    });
    assert.equal((await get(id)).consent.state, 'given');
    const config = { url: 'http://127.0.0.1:10/mcp' };
    const put = await outside.ok('PUT', `/api/mcp-servers/${id}`, { config });
    assert.equal(put.consent.state, 'required');
  });

  it('is given by the admin token alone, and for what was shown', async () => {
    const id = await add(outside, newMark());
    const { consent, config } = await get(id);
    const body = { decision: 'allow', request: consent.request };
    const path = `/api/mcp-servers/${id}/consent`;
    assert.equal((await outside.send('POST', path, body)).status, 404);
    const args = [...config.args, '--other'];
    await outside.ok('PUT', `/api/mcp-servers/${id}`, { config: { ...config, args } });
    assert.equal((await user.send('POST', path, body)).status, 409);
    assert.equal((await get(id)).consent.state, 'required');
    const current = { ...body, request: (await get(id)).consent.request };
    await user.ok('POST', path, current);
    // One answer counts for all windows.
    assert.equal((await user.send('POST', path, { ...current, decision: 'deny' })).status, 409);
  });

  it('that is denied stays so, also for the next process, until it is allowed', async () => {
    const mark = newMark();
    const id = await add(outside, mark, { start: 'always' });
    assert.equal((await answer(id, 'deny')).consent.state, 'denied');
    const waiting = await add(outside, newMark());
    const given = await add(user, newMark());
    await server.restart();
    await open();
    assert.equal((await get(id)).consent.state, 'denied');
    assert.equal((await get(id)).status, 'consent_required');
    assert.equal((await get(waiting)).consent.state, 'required');
    assert.equal((await get(given)).consent.state, 'given');
    assert.equal((await outside.send('POST', `/api/mcp-servers/${id}/connect`)).status, 409);
    assert.equal(existsSync(mark), false);
    await answer(id, 'allow');
    await user.connect(id);
  });

  it('is asked for servers that an imported vMCP brings', async () => {
    const imported = {
      name: 'imported',
      mcp_servers: [
        {
          name: 'brought',
          transport_type: 'stdio',
          config: { command: process.execPath, args: [program, newMark()] },
        },
      ],
    };
    const { mcp_servers } = await outside.ok('POST', '/api/vmcps/import', imported);
    assert.equal((await get(mcp_servers[0].server_id)).consent.state, 'required');
    const own = await user.ok('POST', '/api/import/vmcp', {
      name: 'imported too',
      mcp_servers: [
        {
          name: 'brought too',
          transport_type: 'stdio',
          config: { command: process.execPath, args: [program, newMark()] },
        },
      ],
    });
    assert.equal((await get(own.mcp_servers[0].server_id)).consent.state, 'given');
  });

  it('comes back with a deletion that is undone, and does not outlive one that is not', async () => {
    const mark = newMark();
    const id = await add(user, mark);
    const { undo_id } = await outside.ok('DELETE', `/api/mcp-servers/${id}`);
    await outside.ok('POST', `/api/undo/${undo_id}`);
    assert.equal((await get(id)).consent.state, 'given');
    await outside.ok('DELETE', `/api/mcp-servers/${id}`);
    const again = await add(outside, mark);
    assert.equal((await get(again)).consent.state, 'required');
  });

  it('is not asked for with --trust all, nor for what was there before it was asked', async () => {
    const trusting = await startServer(cleanup, {});
    const rest = await CheckedRest.open(trusting.url);
    const mark = newMark();
    const id = await rest.addNodeServer('trusted', program, [mark]);
    await rest.connect(id);
    assert.ok(existsSync(mark));
    await trusting.stop();
    const asking = await startServer(cleanup, {
      dataDir: trusting.dataDir,
      args: ['--trust', 'none'],
    });
    const later = await CheckedRest.open(asking.url);
    const { consent } = await later.ok('GET', `/api/mcp-servers/${id}`);
    assert.equal(consent.state, 'given');
  });
});
