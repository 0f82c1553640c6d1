import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { makeTempDir, useCleanup } from '../support/cleanup.ts';
import { eventually, within } from '../support/eventually.ts';
import { upstreams } from '../support/paths.ts';
import { RawClient } from '../support/rawHttp.ts';
import { Rest } from '../support/rest.ts';
import { startServer, type TestServer } from '../support/server.ts';

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'attacker', version: '1' },
  },
});

/** All that comes, until the other side ends or breaks the connection. */
async function answerOn(socket: Socket): Promise<string> {
  let answer = '';
  try {
    for await (const chunk of socket) answer += chunk;
  } catch {
    // it was refused before all was read
  }
  return answer;
}

describe('attacks that are refused', function () {
  this.timeout(60_000);
  const suite = useCleanup(after);
  const cleanup = useCleanup();
  let server: TestServer;
  let rest: Rest;
  let token: string;
  let first: string;
  let second: string;
  /** What a request that never ends is answered; begun early, since it has 15 s. */
  let slow: Promise<string>;

  before(async () => {
    // Whatever an object is given by its prototype, this tells.
    const watch = join(await makeTempDir(suite), 'watch.cjs');
    const look = "setInterval(() => { for (const key in {}) console.error('POLLUTED', key) }, 20)";
    await writeFile(watch, `${look}.unref();`);
    server = await startServer(suite, {
      args: ['--registry', 'http://127.0.0.1:9'],
      env: { NODE_OPTIONS: `--require "${watch}"` },
    });
    token = await server.adminToken();
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /health HTTP/1.1\r\nX-Slow: ');
    slow = answerOn(socket);
    rest = new Rest(server.url, token);
    const odd = await rest.addNodeServer('odd', upstreams.odd);
    await rest.connect(odd);
    first = await rest.addVmcp('first', [odd], { options: { tool_names: 'plain' } });
    second = await rest.addVmcp('second', [odd]);
  });

  afterEach('and the server goes on', async () => {
    assert.equal((await rest.ok('GET', '/health')).status, 'ok');
    assert.equal((await rest.ok('GET', '/api/vmcps')).length, 2);
    assert.doesNotMatch(server.output, /POLLUTED/);
  });

  function raw(path: string): RawClient {
    const client = new RawClient(server.url + path);
    cleanup.add(() => client.close());
    return client;
  }

  /** What the server answers to exactly these bytes. */
  async function bytes(sent: string): Promise<string> {
    const socket = connect(server.port, '127.0.0.1');
    socket.setTimeout(5_000, () => socket.destroy());
    socket.end(sent);
    return answerOn(socket);
  }

  it('DNS rebinding: the name of a page that resolves to this machine, with and without a token', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      '127.0.0.1.nip.io',
      '0.0.0.0',
    ]) {
      for (const path of ['/mcp/first', '/api/vmcps', '/health', '/', '/oauth/callback?state=x']) {
        const answer = await raw(path).exchange('POST', initialize, {
          headers: { host, authorization: `Bearer ${token}` },
        });
        assert.equal(answer.status, 403, `${host} ${path}`);
      }
    }
  });

  it('cross-site posts, simple ones that ask nobody before', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      for (const path of ['/mcp/first', '/api/vmcps', '/api/mcp-servers']) {
        const sent = { 'content-type': type, origin: 'https://evil.example' };
        assert.equal((await raw(path).exchange('POST', initialize, { headers: sent })).status, 403);
        // a browser that leaves the origin out cannot send JSON without asking
        const without = { 'content-type': type };
        const { status } = await raw(path).exchange('POST', initialize, { headers: without });
        assert.equal(status, 415, `${type} ${path}`);
      }
    }
  });

  it('cross-site posts that ask before: the answer allows nothing', async () => {
    for (const path of ['/mcp/first', '/api/vmcps', '/api/admin/stop']) {
      const answer = await raw(path).exchange('OPTIONS', undefined, {
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,authorization',
          'access-control-request-private-network': 'true',
        },
      });
      assert.equal(answer.status, 403);
      const allowing = Object.keys(answer.headers).filter((name) => /^access-control/.test(name));
      assert.deepEqual(allowing, []);
    }
  });

  it('WebSockets from foreign pages, even with the token', async () => {
    const url = `${server.url.replace('http', 'ws')}/ws`;
    const attempts: [string, object][] = [
      [url, { origin: 'https://evil.example', headers: { authorization: `Bearer ${token}` } }],
      [url, { headers: { host: 'evil.example', authorization: `Bearer ${token}` } }],
      [url, { origin: 'null' }],
      [`${url}?token=${token}`, { origin: 'http://localhost:3000' }],
    ];
    for (const [address, options] of attempts) {
      const socket = new WebSocket(address, options);
      const [error] = await once(socket, 'error');
      assert.match(String(error), /40[34]/);
    }
  });

  it('paths that leave their folder, in every id and name', async () => {
    const outside = join(server.dataDir, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret.txt'), 'planted-file');
    const climbs = [
      '..%2foutside%2fsecret.txt',
      '..%5coutside',
      '%252e%252e%252f',
      '....%2f%2f',
      'a%00b',
    ];
    const places = (climb: string) => [
      ['GET', `/api/vmcps/${climb}`],
      ['GET', `/api/vmcps/${climb}/export`],
      ['GET', `/api/vmcps/${first}/custom-resources/${climb}/content`],
      ['DELETE', `/api/vmcps/${first}/custom-resources/${climb}`],
      ['GET', `/api/mcp-servers/${climb}`],
      ['GET', `/api/stats/logs/${climb}`],
      ['POST', `/api/undo/${climb}`],
      ['GET', `/api/registry/servers/${climb}`],
      ['DELETE', `/api/secrets/${climb}`],
      ['POST', `/mcp/${climb}`],
      ['POST', `/private/${climb}/vmcp`],
      ['POST', `/t/${climb}/mcp/first`],
    ];
    for (const climb of climbs) {
      for (const [method = '', path = ''] of places(climb)) {
        const headers = { authorization: `Bearer ${token}` };
        const body = method === 'POST' ? initialize : undefined;
        const answer = await raw(path).exchange(method, body, { headers });
        assert(answer.status >= 400 && answer.status < 500, `${method} ${path}: ${answer.status}`);
        assert(!answer.text.includes('planted-file'));
      }
    }
    for (const name of ['../../evil', '..', 'a/b', 'a\\b', '/etc/passwd', 'C:evil', 'a\u0000b']) {
      const body = { name, mime_type: 'text/plain', text: 'x' };
      await rest.send('POST', `/api/vmcps/${first}/custom-resources`, body);
      const path = `/api/vmcps/${first}/custom-resources/${encodeURIComponent(name)}/content`;
      await fetch(server.url + path, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
        body: 'evil',
      });
    }
    const written = await readdir(server.dataDir, { recursive: true });
    assert(!written.some((file) => /evil|passwd/.test(file)), written.join(' '));
    assert.deepEqual(await readdir(outside), ['secret.txt']);
  });

  it('line breaks in headers and addresses', async () => {
    const head = `Host: 127.0.0.1:${server.port}\r\n`;
    const session = await bytes(
      `GET /mcp/first HTTP/1.1\r\n${head}Accept: text/event-stream\r\nMcp-Session-Id: a\rX-Evil: 1\r\n\r\n`,
    );
    assert.match(session, /^HTTP\/1\.1 400/);
    const address = await bytes(`GET /%0d%0aX-Evil:%201 HTTP/1.1\r\n${head}\r\n`);
    assert.doesNotMatch(address, /^X-Evil/im);
    const twice = `POST /mcp/first HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/admin/stop HTTP/1.1\r\n\r\n`;
    assert.match(await bytes(twice), /^HTTP\/1\.1 400/);
    const config = { url: 'http://127.0.0.1:9', headers: { 'X-A': 'a\r\nX-Evil: 1' } };
    const created = await rest.send('POST', '/api/mcp-servers', {
      ...{ name: 'split', transport_type: 'http', config },
    });
    if (created.status === 201) {
      const connected = await rest.send(
        'POST',
        `/api/mcp-servers/${created.body.server_id}/connect`,
      );
      assert(connected.status >= 400 || connected.body.status === 'error');
      await rest.ok('DELETE', `/api/mcp-servers/${created.body.server_id}`);
    }
  });

  it('the session of another vMCP, or of another token', async () => {
    const client = raw(`/mcp/${first}`);
    await client.initialize();
    const { token: bound } = await rest.ok('POST', '/api/admin/client-tokens', {
      ...{ name: 'bound', vmcp_id: first },
    });
    for (const path of [
      `/mcp/${second}`,
      `/t/${bound}/mcp/${first}`,
      `/t/${bound}/mcp/${second}`,
    ]) {
      const thief = raw(path);
      thief.sessionId = client.sessionId;
      for (const method of ['GET', 'DELETE', 'POST']) {
        const body = method === 'POST' ? '{"jsonrpc":"2.0","id":1,"method":"ping"}' : undefined;
        const headers = method === 'GET' ? { accept: 'text/event-stream' } : {};
        const answer = await thief.exchange(method, body, { headers });
        assert.equal(answer.status, 404, `${method} ${path.replace(bound, '…')}`);
      }
    }
    assert((await client.request('ping')).result, 'the session goes on');
  });

  it('guessing of sessions: ids of 122 random bits, all alike, and no hint in the answers', async () => {
    const ids = new Set<string>();
    for (let visit = 0; visit < 20; visit += 1) {
      const client = raw('/mcp/first');
      await client.initialize();
      ids.add(client.sessionId ?? '');
    }
    assert.equal(ids.size, 20);
    for (const id of ids)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
    const answers = new Set<string>();
    for (const id of [
      '',
      'x',
      '00000000-0000-4000-8000-000000000000',
      '__proto__',
      'constructor',
    ]) {
      const guess = raw('/mcp/first');
      const answer = await guess.exchange('POST', '{"jsonrpc":"2.0","id":1,"method":"ping"}', {
        headers: { 'mcp-session-id': id },
      });
      assert.equal(answer.status, 404, id);
      answers.add(answer.text);
    }
    assert.equal(answers.size, 1);
  });

  it('JSON that would change the prototype of all objects', async () => {
    const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    for (const [method, path, body] of [
      ['POST', '/api/vmcps', `{"name":"x","active_config":${evil}}`],
      ['PUT', `/api/vmcps/${first}`, `{"active_config":${evil}}`],
      ['PUT', `/api/vmcps/${first}`, evil],
      ['POST', '/api/vmcps/import', `{"name":"x","mcp_servers":[${evil}]}`],
      ['POST', '/api/import/servers/preview', JSON.stringify({ text: `{"mcpServers":${evil}}` })],
      ['POST', `/api/vmcps/${first}/tools/call`, `{"name":"odd.echo","arguments":${evil}}`],
    ] as const) {
      const answer = await fetch(server.url + path, { method, headers, body });
      assert(answer.status < 500, `${method} ${path}: ${answer.status}`);
      const made = await answer.json();
      if (answer.status === 201 && made.vmcp_id)
        await rest.ok('DELETE', `/api/vmcps/${made.vmcp_id}`);
    }
    const { paths } = await rest.ok('GET', '/api/openapi.json');
    for (const [path, methods] of Object.entries<Record<string, { requestBody?: object }>>(paths)) {
      for (const [method, { requestBody }] of Object.entries(methods)) {
        if (requestBody === undefined || path.endsWith('/content')) continue;
        const address =
          server.url + path.replace(/\{\w+\}/, first).replace(/\{\w+\}/g, '__proto__');
        for (const body of [evil, `{"name":${evil},"config":${evil},"options":${evil}}`]) {
          const answer = await fetch(address, { method: method.toUpperCase(), headers, body });
          assert(answer.status < 500, `${method} ${path}: ${answer.status}`);
        }
      }
    }
    const client = raw('/mcp/first');
    await client.initialize();
    for (const name of [
      '__proto__',
      'constructor',
      'toString',
      'vmcp.__proto__',
      'odd.constructor',
    ]) {
      const { result, error } = await client.request('tools/call', { name, arguments: {} });
      assert(error ?? (result as { isError?: boolean }).isError, name);
    }
    // what a prototype was given would show on everything the server makes
    const shown = JSON.stringify(await rest.ok('GET', '/api/vmcps'));
    assert(!shown.includes('"polluted":1}}]'), shown);
    await rest.ok('PUT', `/api/vmcps/${first}`, { active_config: null });
    assert(!JSON.stringify(await rest.ok('GET', '/api/vmcps')).includes('polluted'));
  });

  it('texts on which a pattern would take for ever: templates, names and addresses', async () => {
    const long = [
      '@'.repeat(50_000),
      '@param.'.repeat(10_000),
      `@tool(${'a.'.repeat(20_000)}`,
      `@tool(x, ${'a=('.repeat(10_000)}`,
      '{{'.repeat(30_000),
      `{{#a}}${'{{#b}}'.repeat(5_000)}`,
      `@config.${'a'.repeat(50_000)}!`,
      `${' '.repeat(50_000)}@`,
      `"${'\\'.repeat(50_000)}`,
    ];
    const searches = [
      'a'.repeat(8_000),
      '%a'.repeat(2_000),
      '*('.repeat(4_000),
      '\\'.repeat(8_000),
    ];
    for (const text of searches.map(encodeURIComponent)) {
      const began = performance.now();
      for (const path of [
        ...['stats?search=', 'stats?tool=', 'stats/logs?search=', 'stats/export?search='],
        ...['registry/servers?search=', 'registry/servers?category='],
      ]) {
        await (await fetch(`${server.url}/api/${path}${text}`)).text();
      }
      const took = performance.now() - began;
      assert(took < 5_000, `${text.slice(0, 12)}…: ${took.toFixed(0)} ms`);
    }
    const client = raw('/mcp/first');
    await client.initialize();
    for (const template of long) {
      const began = performance.now();
      await rest.send('POST', `/api/vmcps/${first}/templates/preview`, { text: template });
      await rest.send('POST', '/api/vmcps', { name: template });
      await rest.send('POST', '/api/import/servers/preview', { text: template });
      await rest.send('POST', '/api/import/curl', { text: template, vmcp_id: first });
      await client.request('tools/call', { name: template, arguments: {} });
      await client.request('resources/read', { uri: template });
      const took = performance.now() - began;
      assert(took < 5_000, `${template.slice(0, 12)}…: ${took.toFixed(0)} ms`);
    }
  });

  it('metadata services, from HTTP tools, however their address is written', async () => {
    const addresses = [
      'http://169.254.169.254/latest/meta-data',
      'http://2852039166/',
      'http://0xa9fea9fe/',
      'http://0251.0376.0251.0376/',
      'http://[::ffff:169.254.169.254]/',
      'http://[fe80::1]/',
      'http://100.100.100.200/',
      'http://[fd00:ec2::254]/',
    ];
    for (const url of addresses) {
      const { body } = await rest.send('POST', `/api/vmcps/${first}/custom-tools/try`, {
        tool: { tool_type: 'http', name: 'probe', api_config: { url, timeout_s: 2 } },
        arguments: {},
      });
      assert.match(JSON.stringify(body), /metadata|link-local|not allowed|refus/i, url);
    }
  });

  it('more sessions and streams than there is room for: the oldest that do nothing go', async () => {
    const { token: modest } = await rest.ok('POST', '/api/admin/client-tokens', {
      ...{ name: 'modest', vmcp_id: first },
    });
    const quiet = raw(`/t/${modest}/mcp/first`);
    await quiet.initialize();
    const worker = raw('/mcp/first');
    await worker.initialize();
    const working = worker.request('tools/call', { name: 'sleep', arguments: { ms: 20_000 } });
    working.catch(() => undefined); // ended with the test
    const listeners: RawClient[] = [];
    for (let round = 0; round < 30; round += 1) {
      const visitors = Array.from({ length: 40 }, () => raw('/mcp/first'));
      await Promise.all(
        visitors.map(async (visitor) => {
          await visitor.initialize();
          if (round < 2) await visitor.listen();
        }),
      );
      if (round < 2) listeners.push(...visitors);
      else for (const visitor of visitors) visitor.close();
    }
    const { counts } = await rest.ok('GET', '/api/admin/diagnostics');
    assert(counts.sessions <= 1_000, `${counts.sessions} sessions`);
    assert.equal(counts.calls_in_flight, 1, 'the call of the first goes on');
    const [listener] = listeners;
    assert(
      (await listener?.request('ping'))?.result,
      'one that listens stays while others are idle',
    );
    assert((await quiet.request('ping')).result, 'one of another client stays');
    for (const each of listeners) each.close();
    await eventually(async () => {
      const { handles } = await rest.ok('GET', '/api/admin/diagnostics');
      return handles.TCPSocketWrap < 100;
    });
  });

  it('headers without end, and requests that never end', async () => {
    const head = `Host: 127.0.0.1:${server.port}\r\n`;
    const large = `GET /health HTTP/1.1\r\n${head}X-Large: ${'x'.repeat(100_000)}\r\n\r\n`;
    assert.match(await bytes(large), /^HTTP\/1\.1 431|^$/);
    const many = 'X-Many: 1\r\n'.repeat(20_000);
    assert.match(await bytes(`GET /health HTTP/1.1\r\n${head}${many}\r\n`), /^HTTP\/1\.1 431|^$/);
    assert.match(await within(slow, 30_000, 'the end of a request that never ends'), /408|^$/);
  });
});
