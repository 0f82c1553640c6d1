import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer, type TestServer } from '../support/server.ts';

const reference = `\${secret:api-token}`;
const values = { first: 'first-secret-value', second: 'second-secret-value' };

describe('Secrets that servers refer to by name', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let server: TestServer;
  let rest: CheckedRest;
  let everything: string;
  let vmcp: string;

  const set = (value: string) => rest.ok('PUT', '/api/secrets/api-token', { value });
  const environment = async () => {
    const call = { name: 'everything.get-env', arguments: {} };
    const result = await rest.ok('POST', `/api/vmcps/${vmcp}/tools/call`, call);
    return JSON.parse(result.content[0].text);
  };

  before(async () => {
    server = await startServer(cleanup, { env: { VMCP_TEST_FLAVOUR: 'sweet' } });
    rest = await CheckedRest.open(server.url);
    await set(values.first);
    everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio'], {
      config: {
        command: process.execPath,
        args: [upstreams.everything, 'stdio'],
        env: { TOKEN: reference, HEADER: `x-${reference}`, FLAVOUR: `\${env:VMCP_TEST_FLAVOUR}` },
      },
    });
    await rest.connect(everything);
    vmcp = await rest.addVmcp('secretive', [everything]);
  });

  it('are listed by name, with those who use them, and never answered', async () => {
    const list = await rest.ok('GET', '/api/secrets');
    assert.deepEqual(list, [{ name: 'api-token', used_by: [everything] }]);
  });

  it('reach a program, and a reference stays readable', async () => {
    const { TOKEN, HEADER, FLAVOUR } = await environment();
    assert.deepEqual([TOKEN, HEADER, FLAVOUR], [values.first, `x-${values.first}`, 'sweet']);
    const { config } = await rest.ok('GET', `/api/mcp-servers/${everything}`);
    assert.equal(config.env.TOKEN, reference);
    assert.equal(config.env.HEADER, '********');
    const before = await rest.ok('GET', `/api/mcp-servers/${everything}`);
    const after = await rest.ok('PUT', `/api/mcp-servers/${everything}`, { config });
    assert.deepEqual(after.config, before.config);
  });

  it('are used anew as soon as they change', async () => {
    assert.deepEqual(await set(values.second), { name: 'api-token', used_by: [everything] });
    assert.equal((await environment()).TOKEN, values.second);
    assert.equal((await environment()).HEADER, `x-${values.second}`);
  });

  it('reach addresses and headers', async () => {
    const asked: IncomingMessage[] = [];
    const web = createServer((request, response) => {
      asked.push(request);
      response.writeHead(500).end(`refused ${request.headers.authorization} ${request.url}`);
    }).listen(0, '127.0.0.1');
    cleanup.add(() => web.close());
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
      name: 'remote',
      transport_type: 'http',
      config: {
        url: `http://127.0.0.1:${port}/mcp?key=${reference}`,
        headers: { 'X-Own': `<${reference}>` },
      },
      auth: { type: 'bearer', token: reference },
    });
    const { body } = await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
    assert.equal(asked[0]?.url, `/mcp?key=${values.second}`);
    assert.equal(asked[0]?.headers.authorization, `Bearer ${values.second}`);
    assert.equal(asked[0]?.headers['x-own'], `<${values.second}>`);
    assert.doesNotMatch(JSON.stringify(body), /second-secret-value/);
    const shown = JSON.stringify(await rest.ok('GET', `/api/mcp-servers/${server_id}`));
    assert.doesNotMatch(shown, /second-secret-value/);
    assert(shown.includes(`key=${reference}`));
  });

  it('reach command lines, and are hidden in what a program prints', async () => {
    const code = 'console.error("started with " + process.argv[1]); process.exit(1)';
    const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
      name: 'loud',
      transport_type: 'stdio',
      config: { command: process.execPath, args: ['-e', code, reference] },
    });
    const { body } = await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
    assert.match(JSON.stringify(body), /started with \*{8}/);
    assert.doesNotMatch(server.output, /second-secret-value/);
  });

  it('are hidden in the log, in exports and on the disk, former values too', async () => {
    const rows = await eventually(async () => {
      const { logs } = await rest.ok('GET', `/api/stats?vmcp_id=${vmcp}&page_size=100`);
      return logs.length >= 3 ? JSON.stringify(logs) : undefined;
    });
    assert.match(rows, /\*{8}/);
    const exported = JSON.stringify(await rest.ok('GET', `/api/vmcps/${vmcp}/export`));
    assert(exported.includes(reference));
    for (const text of [rows, exported]) assert.doesNotMatch(text, /(first|second)-secret-value/);
    await server.restart();
    for (const name of await readdir(server.dataDir, { recursive: true })) {
      const content = await readFile(join(server.dataDir, name)).catch(() => Buffer.alloc(0));
      assert(!content.includes('-secret-value'), name);
    }
    rest = await CheckedRest.open(server.url);
    assert.equal((await environment()).TOKEN, values.second);
  });

  it('that are missing are named', async () => {
    assert.equal((await rest.send('DELETE', '/api/secrets/nowhere')).status, 404);
    await rest.ok('DELETE', '/api/secrets/api-token');
    assert.deepEqual(await rest.ok('GET', '/api/secrets'), []);
    const { body } = await rest.send('POST', `/api/mcp-servers/${everything}/connect`);
    assert.match(JSON.stringify(body), /uses \$\{secret:api-token\}, and there is no secret/);
    const { status } = await rest.ok('GET', `/api/mcp-servers/${everything}`);
    assert.equal(status, 'auth_required');
    await set(values.first);
    assert.equal((await environment()).TOKEN, values.first);
  });

  it('have plain names and a value', async () => {
    const wrong = await rest.send('PUT', '/api/secrets/a%20b', { value: 'x' });
    assert.equal(wrong.status, 400);
    assert.match(JSON.stringify(wrong.body), /A–Z a–z 0–9/);
    assert.equal((await rest.send('PUT', '/api/secrets/ab', { value: '' })).status, 400);
  });
});
