import assert from 'node:assert/strict';
import {
  type CreateServer,
  type StdioConfig,
  updateServerSchema,
} from '../../../src/contract/servers.ts';
import { AppError } from '../../../src/server/appErrors.ts';
import { secretNames } from '../../../src/server/store/secretNames.ts';
import { allRecords, useServices } from './serviceFixture.ts';

const stdio: Omit<CreateServer, 'config'> & { config: StdioConfig } = {
  name: 'files',
  transport_type: 'stdio',
  config: { command: 'node', args: [], env: {} },
};
const mask = '********';

function fails(code: AppError['code'], detail: string) {
  return (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.deepEqual([error.code, error.detail], [code, detail]);
    return true;
  };
}

describe('servers', () => {
  const open = useServices();

  it('are created with defaults, and told of', async () => {
    const { servers, told } = await open();
    const server = await servers.create(stdio);
    assert.match(server.server_id, /^server_[0-9a-f]{32}$/);
    assert.deepEqual(server, {
      ...stdio,
      server_id: server.server_id,
      description: '',
      auth: { type: 'none' },
      enabled: true,
      start: 'onUse',
      call_timeout_s: 600,
      withheld_capabilities: [],
      last_connected: null,
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
      status: 'disconnected',
      last_error: null,
      needs: null,
      consent: { state: 'given', request: server.consent.request },
      signed_in: null,
      catalog: null,
    });
    assert.deepEqual(servers.list(), [server]);
    assert.deepEqual(told, [{ type: 'server.changed', server_id: server.server_id }]);
  });

  it('have names of their own, whatever the case', async () => {
    const { servers } = await open();
    await servers.create(stdio);
    const other = await servers.create({ ...stdio, name: 'other' });
    await assert.rejects(servers.create({ ...stdio, name: 'FILES' }), fails('conflict', 'name'));
    await assert.rejects(
      servers.update(other.server_id, { name: 'Files' }),
      fails('conflict', 'name'),
    );
    await assert.doesNotReject(servers.update(other.server_id, { name: 'Other' }));
  });

  it('need a configuration that fits the transport', async () => {
    const { servers } = await open();
    const config = { url: 'http://localhost:1/mcp', headers: {} };
    await assert.rejects(servers.create({ ...stdio, config }), fails('invalid', 'config.command'));
    const { server_id } = await servers.create(stdio);
    await assert.rejects(
      servers.update(server_id, { transport_type: 'sse' }),
      fails('invalid', 'config.url'),
    );
    assert.throws(() => servers.get('server_x'), fails('not_found', 'server_x'));
    await assert.rejects(servers.update('server_x', {}), fails('not_found', 'server_x'));
    await assert.rejects(servers.delete('server_x'), fails('not_found', 'server_x'));
  });

  it('keep the values of environment, headers and credentials as secrets only', async () => {
    const services = await open();
    const { servers, store } = services;
    const local = await servers.create({
      ...stdio,
      config: { command: 'node', args: [], env: { TOKEN: 'hush-1', __proto: 'hush-2' } },
    });
    const remote = await servers.create({
      name: 'remote',
      transport_type: 'http',
      config: { url: 'http://localhost:1/mcp', headers: { 'X-Key': 'hush-3' } },
      auth: { type: 'basic', username: 'hush-4', password: 'hush-5' },
    });
    assert.deepEqual(local.config, {
      command: 'node',
      args: [],
      env: { TOKEN: mask, __proto: mask },
    });
    assert.deepEqual(remote.auth, { type: 'basic', username: mask, password: mask });
    assert.doesNotMatch(allRecords(services), /hush/);
    assert.equal(store.secrets.get(secretNames.serverEnv(local.server_id, 'TOKEN')), 'hush-1');
    assert.equal(store.secrets.get(secretNames.serverHeader(remote.server_id, 'X-Key')), 'hush-3');
    assert.equal(store.secrets.get(secretNames.serverAuth(remote.server_id, 'password')), 'hush-5');
  });

  it('change nothing, and tell nothing, when an answer is sent back', async () => {
    const { servers, told, clock } = await open();
    const server = await servers.create({
      name: 'remote',
      transport_type: 'http',
      config: { url: 'http://localhost:1/mcp', headers: { 'X-Key': 'hush' } },
      auth: { type: 'headers', headers: { A: 'hush' } },
      withheld_capabilities: ['roots'],
    });
    told.length = 0;
    clock.now += 1000;
    const body = updateServerSchema.parse(JSON.parse(JSON.stringify(server)));
    assert.deepEqual(await servers.update(server.server_id, body), server);
    assert.deepEqual(told, []);
  });

  it('take a new secret, keep masked ones and forget those that are left out', async () => {
    const { servers, store, told } = await open();
    const config = { command: 'node', args: [], env: { A: 'hush-a', B: 'hush-b' } };
    const { server_id } = await servers.create({ ...stdio, config });
    told.length = 0;
    await servers.update(server_id, { config: { ...config, env: { A: mask, C: 'hush-c' } } });
    assert.deepEqual(store.secrets.names(secretNames.server(server_id)).sort(), [
      secretNames.serverEnv(server_id, 'A'),
      secretNames.serverEnv(server_id, 'C'),
    ]);
    assert.equal(store.secrets.get(secretNames.serverEnv(server_id, 'A')), 'hush-a');
    await servers.update(server_id, { config: { ...config, env: { A: 'hush-2', C: mask } } });
    assert.equal(store.secrets.get(secretNames.serverEnv(server_id, 'A')), 'hush-2');
    assert.equal(told.length, 2);
    await assert.rejects(
      servers.update(server_id, { config: { ...config, env: { D: mask } } }),
      fails('invalid', 'config.env.D'),
    );
    await assert.rejects(
      servers.create({ ...stdio, name: 'x', config: { ...config, env: { A: mask } } }),
      fails('invalid', 'config.env.A'),
    );
  });

  it('go back to defaults with null, and keep what is left out', async () => {
    const { servers } = await open();
    const { server_id } = await servers.create({
      ...stdio,
      description: 'd',
      start: 'always',
      enabled: false,
    });
    const after = await servers.update(server_id, { description: null, enabled: null });
    assert.deepEqual([after.description, after.enabled, after.start], ['', true, 'always']);
  });

  it('cannot be given secrets while these are locked, but all else', async () => {
    const { servers, store } = await open({ locked: true });
    const { server_id } = await servers.create(stdio);
    const config = { ...stdio.config, env: { A: 'hush' } };
    const name = secretNames.serverEnv(server_id, 'A');
    await assert.rejects(servers.update(server_id, { config }), fails('locked', name));
    assert.deepEqual(servers.get(server_id).config, stdio.config);
    await servers.update(server_id, { description: 'x' });
    assert.deepEqual(store.secrets.names(''), []);
    await servers.delete(server_id);
  });

  it('leave every vMCP when they are deleted, with their catalog, secrets and connections', async () => {
    const { servers, vmcps, upstreams, store, told } = await open();
    const { server_id } = await servers.create({
      ...stdio,
      config: { ...stdio.config, env: { A: 'x' } },
    });
    const other = await servers.create({ ...stdio, name: 'other' });
    await upstreams.show(server_id, { tools: [{ name: 'read' }] });
    const vmcp = await vmcps.create({
      name: 'v',
      mcp_servers: [{ server_id }, { server_id: other.server_id }],
    });
    assert.equal(vmcp.counts.tools, 1);
    told.length = 0;
    await servers.delete(server_id);
    const after = vmcps.get(vmcp.vmcp_id);
    assert.deepEqual(
      after.mcp_servers.map((part) => part.server_id),
      [other.server_id],
    );
    assert.equal(after.counts.tools, 0);
    assert.equal(store.collections.catalogs.get(server_id), undefined);
    assert.deepEqual(store.secrets.names('server/'), []);
    assert.deepEqual(upstreams.disconnected, [server_id]);
    assert.deepEqual(told.slice(0, 2), [
      { type: 'server.removed', server_id },
      { type: 'vmcp.changed', vmcp_id: vmcp.vmcp_id },
    ]);
  });

  it('keep each write when many come at once', async () => {
    const { servers } = await open();
    const { server_id } = await servers.create(stdio);
    const env = (name: string) => ({ config: { ...stdio.config, env: { [name]: name } } });
    await Promise.all([
      servers.update(server_id, { description: 'd' }),
      servers.update(server_id, env('A')),
      servers.update(server_id, { start: 'always' }),
      servers.create({ ...stdio, name: 'twin' }),
      assert.rejects(servers.create({ ...stdio, name: 'files' })),
    ]);
    const { description, start, config } = servers.get(server_id);
    assert.deepEqual([description, start], ['d', 'always']);
    assert.deepEqual(config, { command: 'node', args: [], env: { A: mask } });
  });
});
