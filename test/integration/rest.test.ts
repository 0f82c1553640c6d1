import { strict as assert } from 'node:assert';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretMask } from '../../src/contract/secretMask.ts';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { CheckedRest } from '../support/openapi.ts';
import { upstreams } from '../support/paths.ts';
import { startServer } from '../support/server.ts';

describe('REST', function () {
  this.timeout(60_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;
  let url: string;
  let folder: string;
  let everything: string;
  let files: string;
  let vmcp: string;

  before(async () => {
    const server = await startServer(cleanup);
    url = server.url;
    rest = await CheckedRest.open(url);
    folder = join(await makeTempDir(cleanup), 'files');
    await mkdir(folder);
    await writeFile(join(folder, 'hello.txt'), 'Hello from a file');
    everything = await rest.addNodeServer('everything', upstreams.everything, ['stdio']);
    files = await rest.addNodeServer('filesystem', upstreams.filesystem, [folder]);
    vmcp = await rest.addVmcp('both', [everything, files], {
      active_config: { greeting: 'hi there', count: 4, api_key: 'very-secret-value' },
      secret_keys: ['api_key'],
    });
  });

  it('tells how large tools are, for each and together', async () => {
    await rest.connect(everything, files);
    const { tools, tool_tokens } = await rest.ok('GET', `/api/mcp-servers/${files}/catalog`);
    const server = await rest.ok('GET', `/api/mcp-servers/${files}`);
    assert.equal(tool_tokens.length, tools.length);
    assert.equal(server.catalog.tokens, sum(tool_tokens));
    const { tokens, counts } = await rest.ok('GET', `/api/vmcps/${vmcp}`);
    const exposed = await rest.ok('GET', `/api/vmcps/${vmcp}/exposed-tools`);
    assert.equal(exposed.tools.length, counts.tools);
    assert.equal(tokens, sum(exposed.tools.map((tool: { tokens: number }) => tool.tokens)));
    const read = exposed.tools.find(({ tool }: { tool: string }) => tool === 'read_text_file');
    assert.deepEqual(
      { ...read, tokens: read.tokens > 50 && read.tokens < 500 },
      {
        server_id: files,
        tool: 'read_text_file',
        name: 'filesystem_read_text_file',
        canonical_name: 'filesystem.read_text_file',
        tokens: true,
      },
    );
  });

  describe('tells where it is', () => {
    it('with its addresses at /', async () => {
      const body = await rest.ok('GET', '/');
      assert.equal(body.name, 'vMCP');
      assert.deepEqual(body.vmcps, [{ vmcp_id: vmcp, name: 'both', mcp: `${url}/mcp/both` }]);
      assert.equal(body.events, `${url.replace('http', 'ws')}/ws`);
    });

    it('with its health', async () => {
      const { status, version, pid, proof } = await rest.ok('GET', '/health');
      assert.equal(status, 'ok');
      assert.equal(typeof version, 'string');
      assert.equal(typeof pid, 'number');
      assert.equal(proof, undefined);
    });

    it('with every route of the API in its OpenAPI document', async () => {
      const { openapi, paths } = await rest.ok('GET', '/api/openapi.json');
      assert.match(openapi, /^3\.1/);
      const routes = Object.entries(paths).flatMap(([path, operations]) =>
        Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
      );
      for (const route of [
        'GET /api/vmcps',
        'POST /api/vmcps',
        'GET /api/vmcps/{vmcp_id}',
        'PUT /api/vmcps/{vmcp_id}',
        'DELETE /api/vmcps/{vmcp_id}',
        'POST /api/vmcps/import',
        'GET /api/vmcps/{vmcp_id}/export',
        'GET /api/vmcps/{vmcp_id}/tools',
        'POST /api/vmcps/{vmcp_id}/tools/call',
        'GET /api/vmcps/{vmcp_id}/resources',
        'POST /api/vmcps/{vmcp_id}/resources/read',
        'GET /api/vmcps/{vmcp_id}/prompts',
        'POST /api/vmcps/{vmcp_id}/prompts/get',
        'GET /api/mcp-servers',
        'POST /api/mcp-servers',
        'GET /api/mcp-servers/{server_id}',
        'PUT /api/mcp-servers/{server_id}',
        'DELETE /api/mcp-servers/{server_id}',
        'POST /api/mcp-servers/{server_id}/connect',
        'POST /api/mcp-servers/{server_id}/disconnect',
        'GET /api/stats',
      ]) {
        assert.ok(routes.includes(route), route);
      }
    });
  });

  describe('of vMCPs', () => {
    it('creates, shows, changes and deletes', async () => {
      const created = await rest.send('POST', '/api/vmcps', {
        name: 'Development vMCP',
        description: 'For local development tasks',
        mcp_servers: [{ server_id: files, priority: 1 }],
        active_config: { key: 'value' },
      });
      assert.equal(created.status, 201);
      const { vmcp_id } = created.body;
      assert.match(vmcp_id, /^vmcp_/);
      assert.equal(created.body.mcp_servers[0].name, 'filesystem');
      assert.deepEqual(created.body.active_config, { key: 'value' });
      const path = `/api/vmcps/${vmcp_id}`;
      assert.deepEqual(await rest.ok('GET', path), created.body);
      const listed = await rest.ok('GET', '/api/vmcps');
      assert.ok(listed.some((each: { vmcp_id: string }) => each.vmcp_id === vmcp_id));

      const changed = await rest.ok('PUT', path, { description: null });
      assert.equal(changed.description, '');
      assert.equal(changed.name, 'Development vMCP');
      assert.equal(changed.mcp_servers.length, 1);
      const again = await rest.ok('PUT', path, changed);
      assert.deepEqual({ ...again, updated_at: '' }, { ...changed, updated_at: '' });

      const { message } = await rest.ok('DELETE', path);
      assert.equal(message, 'vMCP deleted successfully');
      assert.equal((await rest.send('GET', path)).status, 404);
      assert.equal((await rest.send('DELETE', path)).status, 404);
    });

    it('refuses a name that is taken, in any letter case', async () => {
      const { status, body } = await rest.send('POST', '/api/vmcps', { name: 'BOTH' });
      assert.equal(status, 409);
      assert.deepEqual(Object.keys(body), ['error', 'detail']);
    });

    it('shows no secret, and keeps it when the mask comes back', async () => {
      const shown = await rest.ok('GET', `/api/vmcps/${vmcp}`);
      assert.equal(shown.active_config.api_key, secretMask);
      const put = await rest.ok('PUT', `/api/vmcps/${vmcp}`, shown);
      assert.equal(put.active_config.api_key, secretMask);
      assert.doesNotMatch(JSON.stringify(await rest.ok('GET', '/api/vmcps')), /very-secret/);
    });

    it('exports without secrets, and imports that under a free name', async () => {
      const exported = await rest.ok('GET', `/api/vmcps/${vmcp}/export`);
      assert.doesNotMatch(JSON.stringify(exported), /very-secret/);
      const { status, body } = await rest.send('POST', '/api/vmcps/import', exported);
      assert.equal(status, 201);
      assert.notEqual(body.vmcp_id, vmcp);
      assert.notEqual(body.name, 'both');
      assert.ok(body.notes.some((note: string) => note.includes(body.name)));
      await rest.ok('DELETE', `/api/vmcps/${body.vmcp_id}`);
    });

    it('tells how clients reach one', async () => {
      const endpoint = await rest.ok('GET', `/api/vmcps/${vmcp}/endpoint`);
      assert.equal(endpoint.url, `${url}/mcp/${vmcp}`);
      assert.ok(endpoint.server_name.length <= 13);
      assert.ok(endpoint.launcher.args.some((arg: string) => arg.includes(vmcp) || arg === 'both'));
    });
  });

  describe('of MCP servers', () => {
    it('creates, shows, changes and deletes, with its secrets masked', async () => {
      const created = await rest.send('POST', '/api/mcp-servers', {
        name: 'github-mcp',
        description: 'GitHub integration',
        transport_type: 'stdio',
        config: { command: 'npx', args: ['-y', 'nothing'], env: { TOKEN: 'ghp_123456' } },
      });
      assert.equal(created.status, 201);
      assert.match(created.body.server_id, /^server_/);
      assert.equal(created.body.status, 'disconnected');
      assert.equal(created.body.config.env.TOKEN, secretMask);
      const path = `/api/mcp-servers/${created.body.server_id}`;
      assert.deepEqual(await rest.ok('GET', path), created.body);
      const changed = await rest.ok('PUT', path, { description: 'Other' });
      assert.equal(changed.description, 'Other');
      assert.deepEqual(changed.config, created.body.config);
      assert.equal((await rest.send('POST', '/api/mcp-servers', created.body)).status, 400);
      assert.equal(typeof (await rest.ok('DELETE', path)).message, 'string');
      assert.equal((await rest.send('GET', path)).status, 404);
    });

    it('connects, tells what it offers, and disconnects', async () => {
      const path = `/api/mcp-servers/${everything}`;
      const connected = await rest.ok('POST', `${path}/connect`);
      assert.equal(connected.status, 'connected');
      assert.ok(connected.capabilities.tools.includes('echo'));
      assert.ok(connected.capabilities.prompts.includes('simple-prompt'));
      assert.equal(
        new Set(connected.capabilities.resources).size,
        connected.capabilities.resources.length,
      );
      for (const scheme of connected.capabilities.resources) assert.match(scheme, /^[a-z]+:\/\/$/);
      const server = await rest.ok('GET', path);
      assert.equal(server.status, 'connected');
      assert.equal(server.catalog.tools, connected.capabilities.tools.length);
      assert.notEqual(server.last_connected, null);
      const catalog = await rest.ok('GET', `${path}/catalog`);
      assert.equal(catalog.tools.length, server.catalog.tools);
      assert.ok(Array.isArray((await rest.ok('GET', `${path}/output`)).lines));
      assert.deepEqual(await rest.ok('POST', `${path}/disconnect`), { status: 'disconnected' });
      assert.equal((await rest.ok('GET', path)).status, 'disconnected');
      assert.equal((await rest.ok('POST', `${path}/restart`)).status, 'connected');
    });

    it('that cannot be started: 500 with name and cause', async () => {
      const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
        name: 'nowhere',
        transport_type: 'stdio',
        config: { command: join(folder, 'no-such-program') },
      });
      const { status, body } = await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
      assert.equal(status, 500);
      assert.match(body.error, /nowhere/);
      assert.match(body.detail, /no-such-program|ENOENT/);
      assert.equal((await rest.ok('GET', `/api/mcp-servers/${server_id}`)).status, 'error');
      assert.equal((await rest.send('GET', `/api/mcp-servers/${server_id}/catalog`)).status, 404);
      await rest.ok('DELETE', `/api/mcp-servers/${server_id}`);
    });

    it('that nobody listens for: 500 with name and cause', async () => {
      const { server_id } = await rest.ok('POST', '/api/mcp-servers', {
        name: 'deaf',
        transport_type: 'http',
        config: { url: 'http://127.0.0.1:9/mcp' },
      });
      const { status, body } = await rest.send('POST', `/api/mcp-servers/${server_id}/connect`);
      assert.equal(status, 500);
      assert.match(body.error, /deaf/);
      await rest.ok('DELETE', `/api/mcp-servers/${server_id}`);
    });
  });

  describe('using a vMCP', () => {
    const call = (name: string, args: object, more: object = {}) =>
      rest.send('POST', `/api/vmcps/${vmcp}/tools/call`, { name, arguments: args, ...more });

    it('lists tools under canonical names', async () => {
      const { tools } = await rest.ok('GET', `/api/vmcps/${vmcp}/tools`);
      const read = tools.find(
        (tool: { name: string }) => tool.name === 'filesystem.read_text_file',
      );
      assert.equal(read.inputSchema.type, 'object');
      assert.ok(tools.some((tool: { name: string }) => tool.name === 'everything.echo'));
    });

    it('lists resources, their templates, and prompts', async () => {
      const body = await rest.ok('GET', `/api/vmcps/${vmcp}/resources`);
      assert.ok(body.resources.length > 0);
      assert.ok(body.resource_templates.length > 0);
      const { prompts } = await rest.ok('GET', `/api/vmcps/${vmcp}/prompts`);
      assert.ok(prompts.some(({ name }: { name: string }) => name === 'everything.simple-prompt'));
    });

    it('calls a tool', async () => {
      const { status, body } = await call('filesystem.read_text_file', {
        path: join(folder, 'hello.txt'),
      });
      assert.equal(status, 200);
      assert.deepEqual(body.content, [{ type: 'text', text: 'Hello from a file' }]);
    });

    it('answers an error of the tool itself as its result', async () => {
      const { status, body } = await call('filesystem.read_text_file', { path: '/etc/passwd' });
      assert.equal(status, 200);
      assert.equal(body.isError, true);
    });

    it('reads a resource, and gets a prompt', async () => {
      const { resources } = await rest.ok('GET', `/api/vmcps/${vmcp}/resources`);
      const { contents } = await rest.ok('POST', `/api/vmcps/${vmcp}/resources/read`, {
        uri: resources[0].uri,
      });
      assert.equal(contents.length, 1);
      const { messages } = await rest.ok('POST', `/api/vmcps/${vmcp}/prompts/get`, {
        name: 'everything.args-prompt',
        arguments: { city: '@config:greeting', state: '@config:count' },
      });
      assert.match(JSON.stringify(messages), /hi there.*4/);
    });

    it('puts values in for references, with their types', async () => {
      const echoed = await call('everything.echo', { message: 'say @config:greeting, @@home' });
      assert.equal(echoed.body.content[0].text, 'Echo: say hi there, @home');
      const sum = await call('everything.get-sum', { a: '@config:count', b: '@param:count' });
      assert.match(sum.body.content[0].text, /\b8\b/);
    });

    it('takes parameters from the other arguments first', async () => {
      const sum = await call('everything.get-sum', { a: 2, b: '@param:a' });
      assert.match(sum.body.content[0].text, /\b4\b/);
    });

    it('leaves references alone where it is asked to', async () => {
      const { body } = await call(
        'everything.echo',
        { message: 'say @config:greeting' },
        { substitute: false },
      );
      assert.equal(body.content[0].text, 'Echo: say @config:greeting');
    });

    it('refuses references that lead nowhere, or to secrets', async () => {
      const missing = await call('everything.echo', { message: '@config:missing' });
      assert.equal(missing.status, 400);
      assert.match(missing.body.error, /missing/);
      assert.match(missing.body.detail, /arguments\.message/);
      for (const reference of ['@config:api_key', 'x @param:api_key']) {
        const secret = await call('everything.echo', { message: reference });
        assert.equal(secret.status, 400);
        assert.match(secret.body.error, /secret/);
        assert.doesNotMatch(JSON.stringify(secret.body), /very-secret/);
      }
    });

    it('answers 404 for a tool, prompt or resource that is not there', async () => {
      assert.equal((await call('everything.nothing', {})).status, 404);
      const base = `/api/vmcps/${vmcp}`;
      assert.equal(
        (await rest.send('POST', `${base}/prompts/get`, { name: 'everything.no' })).status,
        404,
      );
      assert.equal(
        (await rest.send('POST', `${base}/resources/read`, { uri: 'nothing://here' })).status,
        404,
      );
    });
  });

  describe('statistics', () => {
    /** The statistics of a vMCP as soon as so many operations are in them: rows are written behind. */
    const logged = (vmcpId: string, count: number) =>
      eventually(async () => {
        const body = await rest.ok('GET', `/api/stats?vmcp_id=${vmcpId}`);
        return body.logs.length >= count ? body : undefined;
      });

    it('count what was done, failed calls too, and mask secrets', async () => {
      const fresh = await rest.addVmcp('counted', [everything], {
        active_config: { open: 1, token: 'counted-secret' },
        secret_keys: ['token'],
      });
      const base = `/api/vmcps/${fresh}`;
      const call = (name: string, message: string) =>
        rest.send('POST', `${base}/tools/call`, { name, arguments: { message } });
      await rest.ok('GET', `${base}/tools`);
      await call('everything.echo', 'one counted-secret');
      await call('everything.echo', 'x'.repeat(10_000));
      await call('everything.nope', 'three');

      const { stats, logs, pagination } = await logged(fresh, 4);
      assert.equal(stats.total_logs, 4);
      assert.equal(stats.total_tool_calls, 3);
      assert.equal(stats.active_clients, 1);
      assert.equal(stats.total_vmcps, (await rest.ok('GET', '/api/vmcps')).length);
      assert.ok(stats.avg_tools_per_call > 5);
      assert.deepEqual(pagination, { page: 1, page_size: 50, total_pages: 1, total_items: 4 });
      const [failed, large, small, list] = logs;
      assert.equal(list.method, 'tools/list');
      assert.equal(failed.success, false);
      assert.match(failed.error, /nope/);
      assert.equal(large.arguments.truncated, true);
      assert.equal(small.target, 'everything.echo');
      assert.equal(small.client_id, 'client_rest');
      assert.equal(small.mcp_server_id, everything);
      assert.ok(small.duration_ms > 0);
      assert.deepEqual(small.active_config_snapshot, { open: 1, token: secretMask });
      assert.doesNotMatch(JSON.stringify(logs), /counted-secret/);
      assert.deepEqual(await rest.ok('GET', `/api/stats/logs/${small.log_id}`), small);
    });

    it('show a call that its client gave up, which ends at once', async () => {
      const slow = await rest.addVmcp('slow', [everything]);
      await rest.ok('GET', `/api/vmcps/${slow}/tools`);
      const call = fetch(`${url}/api/vmcps/${slow}/tools/call`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          name: 'everything.trigger-long-running-operation',
          arguments: { duration: 30, steps: 3 },
        }),
        signal: AbortSignal.timeout(1_000),
      });
      await assert.rejects(call, { name: 'TimeoutError' });
      const { logs } = await logged(slow, 2);
      assert.equal(logs[0].method, 'tools/call');
      assert.equal(logs[0].success, false);
      assert.match(logs[0].error, /closed the connection/);
    });

    it('filter and page', async () => {
      await rest.ok('GET', `/api/vmcps/${vmcp}/tools`);
      await rest.ok('GET', `/api/vmcps/${vmcp}/prompts`);
      await logged(vmcp, 2);
      const page = await rest.ok('GET', `/api/stats?vmcp_id=${vmcp}&page=2&page_size=1`);
      assert.equal(page.logs.length, 1);
      assert.equal(page.pagination.page_size, 1);
      assert.equal(page.pagination.total_pages, page.pagination.total_items);
      const lists = await rest.ok('GET', '/api/stats?method=tools/list&client_id=client_rest');
      assert.ok(lists.logs.length > 0);
      assert.ok(lists.logs.every(({ method }: { method: string }) => method === 'tools/list'));
      const future = await rest.ok('GET', '/api/stats?start_date=2999-01-01');
      assert.equal(future.stats.total_logs, 0);
      assert.equal((await rest.ok('GET', '/api/stats?client_id=client_none')).logs.length, 0);
    });

    it('add up over time and by tool, and tell which tools were never called', async () => {
      const fresh = await rest.addVmcp('figures', [everything]);
      const base = `/api/vmcps/${fresh}`;
      const call = (name: string) =>
        rest.send('POST', `${base}/tools/call`, { name, arguments: { message: 'find me' } });
      await rest.ok('GET', `${base}/tools`);
      await call('everything.echo');
      await call('everything.echo');
      await call('everything.get-sum');
      const filter = `vmcp_id=${fresh}`;
      const { totals, buckets, tools, servers, clients } = await rest.ok(
        'GET',
        `/api/stats/overview?${filter}&method=tools/call`,
      );
      assert.deepEqual([totals.calls, totals.errors, totals.clients, totals.rows], [3, 1, 1, 3]);
      assert.ok(totals.p50_ms > 0 && totals.p95_ms >= totals.p50_ms);
      assert.equal(buckets.at(-1).calls + (buckets.at(-2)?.calls ?? 0), 3);
      assert.deepEqual(
        tools.map((each: { tool: string; calls: number; errors: number }) => [
          ...[each.tool, each.calls, each.errors],
        ]),
        [
          ['everything.echo', 2, 0],
          ['everything.get-sum', 1, 1],
        ],
      );
      assert.deepEqual([servers[0].server_id, servers[0].calls], [everything, 3]);
      assert.deepEqual([clients[0].client_name, clients[0].calls], ['REST', 3]);

      const unused = await rest.ok('GET', `/api/stats/unused-tools?${filter}`);
      const names = unused.tools.map(({ tool }: { tool: string }) => tool);
      assert.ok(names.includes('everything.get-env') && !names.includes('everything.echo'));
      assert.equal(unused.tools[0].server_id, everything);
      assert.equal(unused.tools[0].tool, `everything.${unused.tools[0].name}`);
      assert.equal((await rest.send('GET', '/api/stats/unused-tools?vmcp_id=none')).status, 404);

      const first = await rest.ok('GET', `/api/stats/logs?${filter}&page_size=2`);
      assert.deepEqual(Object.keys(first.logs[0]).includes('arguments'), false);
      await call('everything.echo');
      const second = await rest.ok(
        'GET',
        `/api/stats/logs?${filter}&page_size=2&before=${first.next}`,
      );
      assert.deepEqual(
        second.logs.map(
          ({ target, method }: { target: string; method: string }) => target ?? method,
        ),
        ['everything.echo', 'tools/list'],
      );
      assert.equal(second.next, null);
      const found = await rest.ok('GET', `/api/stats?${filter}&search=FIND%20me&success=false`);
      assert.equal(found.pagination.total_items, 1);
      assert.equal(found.logs[0].target, 'everything.get-sum');
    });

    it('are exported as CSV and JSON, safe for spreadsheets', async () => {
      const fresh = await rest.addVmcp('exported', [everything]);
      const base = `/api/vmcps/${fresh}`;
      await rest.ok('GET', `${base}/tools`);
      await rest.ok('POST', `${base}/tools/call`, {
        name: 'everything.echo',
        arguments: { message: 'a "quoted", message' },
      });
      await rest.send('POST', `${base}/tools/call`, { name: '=1+1' });
      const file = async (query: string) => {
        const answer = await fetch(`${url}/api/stats/export?vmcp_id=${fresh}&${query}`);
        assert.equal(answer.status, 200);
        return { type: answer.headers.get('content-type'), text: await answer.text() };
      };
      const csv = await file('format=csv&method=tools/call');
      assert.equal(csv.type, 'text/csv; charset=utf-8');
      const [head, failed, echo, end] = csv.text.split('\r\n');
      assert.match(head ?? '', /^timestamp,vmcp_id,/);
      assert.match(failed ?? '', /,tools\/call,'=1\+1,,false,/);
      assert.match(echo ?? '', /"\{""message"":""a \\""quoted\\"", message""\}"/);
      assert.equal(end, '');
      const json = await file('format=json');
      assert.equal(JSON.parse(json.text).length, 3);
      assert.deepEqual(JSON.parse((await file('format=json&tool=none')).text), []);
    });

    it('refuse illegal queries', async () => {
      for (const query of [
        'success=maybe',
        'search=',
        'page=0',
        'page_size=101',
        'page=x',
        'start_date=soon',
        'colour=red',
      ]) {
        const { status, body } = await rest.send('GET', `/api/stats?${query}`);
        assert.equal(status, 400, query);
        assert.match(body.detail, new RegExp(query.split('=')[0] ?? ''));
      }
      assert.equal((await rest.send('GET', '/api/stats/logs?before=x')).status, 400);
      assert.equal((await rest.send('GET', '/api/stats/export?format=xml')).status, 400);
      assert.equal((await rest.send('GET', '/api/stats/logs/log_none')).status, 404);
    });
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
