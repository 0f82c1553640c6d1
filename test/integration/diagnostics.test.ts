import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Secrets in every place that takes one. */
const planted = {
  env: 'planted-env-4711-abcdef',
  header: 'planted-header-4711-abcdef',
  bearer: 'planted-bearer-4711-abcdef',
  config: 'planted-config-4711-abcdef',
  named: 'planted-named-4711-abcdef',
};

describe('diagnostics', () => {
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: CheckedRest;
  let vmcpId: string;

  before(async () => {
    server = await startServer(cleanup);
    rest = await CheckedRest.open(server.url, await server.adminToken());
    await rest.ok('PUT', '/api/secrets/NAMED', { value: planted.named });
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    vmcpId = await rest.addVmcp('first', [odd], {
      active_config: { token: planted.config },
      secret_keys: ['token'],
    });
  });

  it('tell versions, states, counts, memory and handles', async () => {
    const report = await rest.ok('GET', '/api/admin/diagnostics');
    assert.equal(report.runtime.node, process.versions.node);
    assert.equal(report.counts.servers, 1);
    assert.equal(report.vmcps[0].vmcp_id, vmcpId);
    assert.deepEqual(
      report.servers.map(({ name, status }: { name: string; status: string }) => [name, status]),
      [['odd', 'connected']],
    );
    assert(report.memory.resident > 10);
    assert(report.handles.TCPServerWrap >= 1, JSON.stringify(report.handles));
  });

  it('hold the last error of a server, without the secrets it quotes and the home folder', async () => {
    const missing = join(homedir(), 'no', 'such', planted.env);
    await rest.ok('POST', '/api/mcp-servers', {
      name: 'broken',
      transport_type: 'stdio',
      config: { command: missing, env: { KEY: planted.env, NAMED: `\${secret:NAMED}` } },
    });
    await rest.ok('POST', '/api/mcp-servers', {
      name: 'remote',
      transport_type: 'http',
      config: { url: 'http://127.0.0.1:9/mcp', headers: { 'X-Key': planted.header } },
      auth: { type: 'bearer', token: planted.bearer },
    });
    for (const { server_id } of await rest.ok('GET', '/api/mcp-servers')) {
      await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
    }
    const report = await rest.ok('GET', '/api/admin/diagnostics');
    const broken = report.servers.find(({ name }: { name: string }) => name === 'broken');
    assert.equal(broken.status, 'error');
    assert.match(broken.last_error, /~.*\*{8}/);
    const text = JSON.stringify(report);
    const { url } = await rest.ok('GET', `/api/vmcps/${vmcpId}/endpoint`);
    const clientToken = /\/t\/([^/]+)\//.exec(url)?.[1];
    const secrets = [...Object.values(planted), await server.adminToken(), homedir()];
    for (const secret of [...secrets, ...(clientToken ? [clientToken] : [])]) {
      assert(!text.includes(secret), secret);
    }
  });

  it('are for VS Code alone', async () => {
    const { status } = await new Rest(server.url).send('GET', '/api/admin/diagnostics');
    assert.equal(status, 404);
  });
});
