import { strict as assert } from 'node:assert';
import { secretMask } from '../../src/contract/secretMask.ts';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer, type TestServer } from '../support/server.ts';

describe('undoing deletions', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: CheckedRest;
  let everything: string;
  let other: string;
  let vmcps: string[];

  const bodies = () =>
    Promise.all([
      rest.ok('GET', `/api/mcp-servers/${everything}`),
      rest.ok('GET', `/api/mcp-servers/${everything}/catalog`),
      ...vmcps.flatMap((id) => [
        rest.ok('GET', `/api/vmcps/${id}`),
        rest.ok('GET', `/api/vmcps/${id}/exposed-tools`),
        rest.ok('GET', `/api/vmcps/${id}/endpoint`),
      ]),
    ]);
  const undo = (body: { undo_id: string }) => rest.ok('POST', `/api/undo/${body.undo_id}`);

  before(async () => {
    server = await startServer(cleanup, { auth: 'token' });
    rest = await CheckedRest.open(server.url, await server.adminToken());
    everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio'], {
      description: 'Has everything',
    });
    await rest.ok('PUT', `/api/mcp-servers/${everything}`, {
      config: {
        command: process.execPath,
        args: [upstreams.everything, 'stdio'],
        env: { UNDO_SECRET: 'the-secret-of-everything' },
      },
    });
    other = await rest.addNodeServer('other', upstreams.everything, ['stdio']);
    await rest.connect(everything, other);
    await rest.ok('POST', `/api/mcp-servers/${everything}/disconnect`);
    const overrides = { echo: { name: 'say', arguments: { message: { default: 'hi' } } } };
    vmcps = await Promise.all(
      ['one', 'two', 'three'].map((name, index) =>
        rest.addVmcp(name, [], {
          mcp_servers: [
            { server_id: other, priority: index === 1 ? 9 : 1 },
            { server_id: everything, priority: 5, tools: ['echo', 'get-env'], overrides },
          ],
          active_config: { token: `config-secret-${name}` },
          secret_keys: ['token'],
        }),
      ),
    );
  });

  it('of a server brings back its place, overrides, secrets and names in every vMCP', async () => {
    const before = await bodies();
    const body = await rest.ok('DELETE', `/api/mcp-servers/${everything}`);
    assert.equal(body.message, 'MCP server deleted successfully');
    assert.equal((await rest.send('GET', `/api/mcp-servers/${everything}`)).status, 404);
    for (const id of vmcps) {
      assert.equal((await rest.ok('GET', `/api/vmcps/${id}`)).mcp_servers.length, 1);
    }
    assert.deepEqual(await undo(body), { message: 'MCP server "everything" restored' });
    assert.deepEqual(await bodies(), before);
    const called = await rest.ok('POST', `/api/vmcps/${vmcps[0]}/tools/call`, {
      name: 'everything.get-env',
      arguments: {},
    });
    assert.match(JSON.stringify(called), /UNDO_SECRET/);
    assert.match(JSON.stringify(called), /the-secret-of-everything/);
    await rest.ok('POST', `/api/mcp-servers/${everything}/disconnect`);
  });

  it('works once', async () => {
    const body = await rest.ok('DELETE', `/api/mcp-servers/${other}`);
    await undo(body);
    const again = await rest.send('POST', `/api/undo/${body.undo_id}`);
    assert.equal(again.status, 404);
    assert.equal(again.body.error, 'It can no longer be undone');
    assert.equal((await rest.send('POST', '/api/undo/undo_unknown')).status, 404);
  });

  it('of a server leaves what was changed since', async () => {
    const body = await rest.ok('DELETE', `/api/mcp-servers/${everything}`);
    await rest.ok('PUT', `/api/vmcps/${vmcps[0]}`, { description: 'Changed since' });
    const gone = await rest.ok('DELETE', `/api/vmcps/${vmcps[1]}`);
    await undo(body);
    const one = await rest.ok('GET', `/api/vmcps/${vmcps[0]}`);
    assert.equal(one.description, 'Changed since');
    assert.deepEqual(
      one.mcp_servers.map(({ server_id, tools }: { server_id: string; tools: unknown }) => {
        return { server_id, tools };
      }),
      [
        { server_id: other, tools: 'all' },
        { server_id: everything, tools: ['echo', 'get-env'] },
      ],
    );
    assert.equal((await rest.send('GET', `/api/vmcps/${vmcps[1]}`)).status, 404);
    await undo(gone);
    assert.equal((await rest.ok('GET', `/api/vmcps/${vmcps[1]}`)).name, 'two');
    await rest.ok('PUT', `/api/vmcps/${vmcps[1]}`, {
      mcp_servers: one.mcp_servers,
    });
  });

  it('is refused where the name was given to another since', async () => {
    const body = await rest.ok('DELETE', `/api/vmcps/${vmcps[2]}`);
    const usurper = await rest.addVmcp('Three', []);
    const refused = await rest.send('POST', `/api/undo/${body.undo_id}`);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.error, 'There is already a vMCP "Three"');
    await rest.ok('DELETE', `/api/vmcps/${usurper}`);
    await undo(body);
  });

  it('of a vMCP brings back its own items, files, secrets and address, after a restart, too', async () => {
    const id = vmcps[0];
    await rest.ok('POST', `/api/vmcps/${id}/custom-resources`, { name: 'notes.bin' });
    await fetch(`${server.url}/api/vmcps/${id}/custom-resources/notes.bin/content`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await server.adminToken()}`,
        'content-type': 'image/png',
      },
      body: Buffer.from([1, 2, 3, 250]),
    });
    await addHttpTool(rest, id);
    const before = await bodies();
    const body = await rest.ok('DELETE', `/api/vmcps/${id}`);
    await server.restart();
    rest = await CheckedRest.open(server.url, await server.adminToken());
    await undo(body);
    assert.deepEqual(await bodies(), before);
    assert.deepEqual(await contentOf(id, 'notes.bin'), [1, 2, 3, 250]);
    const { url } = await rest.ok('GET', `/api/vmcps/${id}/endpoint`);
    assert.equal((await fetch(url, { method: 'POST' })).status === 404, false);
    const exported = await secretsAreThere(id);
    assert.equal(exported, true);
  });

  it('of own items brings back their place, credentials and files', async () => {
    const id = vmcps[0];
    await rest.ok('POST', `/api/vmcps/${id}/custom-tools`, {
      tool_type: 'prompt',
      name: 'after',
      text: 'Stands after the other',
    });
    await rest.ok('POST', `/api/vmcps/${id}/custom-prompts`, { name: 'review', text: 'Review it' });
    const before = await rest.ok('GET', `/api/vmcps/${id}`);
    for (const path of [
      'custom-tools/call_api',
      'custom-prompts/review',
      'custom-resources/notes.bin',
    ]) {
      const body = await rest.ok('DELETE', `/api/vmcps/${id}/${path}`);
      assert.equal((await rest.send('GET', `/api/vmcps/${id}/${path}`)).status, 404);
      // Another edit must not sweep away what may come back.
      await rest.ok('PUT', `/api/vmcps/${id}`, { system_prompt: `without ${path}` });
      await undo(body);
    }
    const after = await rest.ok('GET', `/api/vmcps/${id}`);
    const { updated_at: _, system_prompt: __, revision: ___, ...rest1 } = before;
    const { updated_at: a, system_prompt: b, revision: c, ...rest2 } = after;
    assert.deepEqual(rest2, rest1);
    assert.deepEqual(await contentOf(id, 'notes.bin'), [1, 2, 3, 250]);
    assert.equal(await secretsAreThere(id), true);
  });

  async function contentOf(id: string | undefined, name: string): Promise<number[]> {
    const answer = await fetch(`${server.url}/api/vmcps/${id}/custom-resources/${name}/content`, {
      headers: { authorization: `Bearer ${await server.adminToken()}` },
    });
    assert.equal(answer.status, 200);
    return [...new Uint8Array(await answer.arrayBuffer())];
  }

  /** The tool's credential is sent: nobody answers, but the request says what it holds. */
  async function secretsAreThere(id: string | undefined): Promise<boolean> {
    const tool = await rest.ok('GET', `/api/vmcps/${id}/custom-tools/call_api`);
    assert.equal(tool.api_config.auth.token, secretMask);
    const answer = await rest.ok('POST', `/api/vmcps/${id}/tools/call`, {
      name: 'vmcp.call_api',
      arguments: {},
    });
    return !/was never given/.test(JSON.stringify(answer));
  }
});

function addHttpTool(rest: CheckedRest, id: string | undefined): Promise<unknown> {
  return rest.ok('POST', `/api/vmcps/${id}/custom-tools`, {
    tool_type: 'http',
    name: 'call_api',
    api_config: {
      url: 'http://127.0.0.1:9/nobody',
      auth: { type: 'bearer', token: 'credential-of-the-tool' },
    },
  });
}
