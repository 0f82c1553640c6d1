import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { useCleanup } from '../support/cleanup.ts';
import { CheckedRest } from '../support/openapi.ts';
import { startServer } from '../support/server.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: { error: string; detail: string };
}

describe('REST with bad input', function () {
  this.timeout(30_000);
  const cleanup = useCleanup(after);
  let rest: CheckedRest;
  let port: number;

  before(async () => {
    const server = await startServer(cleanup);
    port = server.port;
    rest = await CheckedRest.open(server.url);
  });

  /** Sends what `fetch` would not. */
  async function send(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers });
    outgoing.on('error', () => {}); // the server may have answered before it read everything
    outgoing.end(body);
    const [response] = await once(outgoing, 'response');
    const received = await text(response);
    const answer = {
      status: response.statusCode,
      headers: response.headers,
      body: received === '' ? undefined : JSON.parse(received),
    };
    if (answer.status >= 400 && method !== 'HEAD') {
      assert.deepEqual(Object.keys(answer.body), ['error', 'detail']);
      rest.check(method, path, answer.status, answer.body);
    }
    return answer;
  }
  const json = { 'content-type': 'application/json' };
  const post = (body: string | Buffer, headers: Record<string, string> = json) =>
    send('POST', '/api/vmcps', body, headers);

  describe('answers 400', () => {
    const malformed: [string, string | Buffer, RegExp][] = [
      ['text that is no JSON', '{"name": oops}', /"o" at line 1, column 10 \(position 9\)/],
      ['JSON that ends too early', '{"name": "x"', /ends too early/],
      ['an empty body', '', /needs a JSON body/],
      ['a body that is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
      ['JSON without end', '['.repeat(100_000), /ends too early/],
      ['JSON that is too deep', `${'['.repeat(5000)}${']'.repeat(5000)}`, /[Nn]ested deeper/],
      ['a list', '[]', /body/],
      ['null', 'null', /body/],
      ['no name', '{}', /name/],
      ['a number as name', '{"name": 1}', /name/],
      ['an empty name', '{"name": ""}', /name/],
      ['an illegal name', '{"name": "a/b"}', /name/],
      ['a name of 65 characters', `{"name": "${'x'.repeat(65)}"}`, /name/],
      ['an unknown field', '{"name": "x", "colour": "red"}', /colour/],
      [
        'a wrong type deep inside',
        '{"name":"x","mcp_servers":[{"server_id":1}]}',
        /mcp_servers\[0\]/,
      ],
      [
        'an unknown server',
        '{"name":"x","mcp_servers":[{"server_id":"server_no"}]}',
        /server_no|mcp_servers/,
      ],
      ['a member called __proto__', '{"name":"x","__proto__":{"a":1}}', /__proto__/],
    ];
    for (const [what, body, detail] of malformed) {
      it(`to ${what}`, async () => {
        const answer = await post(body);
        assert.equal(answer.status, 400, JSON.stringify(answer.body));
        assert.match(answer.body.detail, detail);
      });
    }

    const servers: [string, object, RegExp][] = [
      ['an unknown transport', { transport_type: 'pigeon', config: {} }, /transport_type/],
      [
        'a configuration of another transport',
        { transport_type: 'http', config: { command: 'x' } },
        /config/,
      ],
      ['an empty command', { transport_type: 'stdio', config: { command: '' } }, /config\.command/],
      [
        'an address that is none',
        { transport_type: 'http', config: { url: 'ftp://x' } },
        /config\.url/,
      ],
      [
        'a header name that could smuggle another',
        { transport_type: 'http', config: { url: 'http://x', headers: { 'a\r\nb': 'c' } } },
        /config\.headers/,
      ],
    ];
    for (const [what, body, detail] of servers) {
      it(`to a server with ${what}`, async () => {
        const answer = await rest.send('POST', '/api/mcp-servers', { name: 'x', ...body });
        assert.equal(answer.status, 400);
        assert.match(answer.body.detail, detail);
      });
    }
  });

  describe('answers 404', () => {
    const addresses: [string, string][] = [
      ['GET', '/api/vmcps/vmcp_none'],
      ['PUT', '/api/vmcps/vmcp_none'],
      ['DELETE', '/api/vmcps/vmcp_none'],
      ['GET', '/api/vmcps/vmcp_none/export'],
      ['GET', '/api/vmcps/vmcp_none/endpoint'],
      ['GET', '/api/vmcps/vmcp_none/tools'],
      ['GET', '/api/vmcps/vmcp_none/resources'],
      ['GET', '/api/vmcps/vmcp_none/prompts'],
      ['GET', '/api/vmcps/__proto__'],
      ['GET', '/api/mcp-servers/server_none'],
      ['PUT', '/api/mcp-servers/server_none'],
      ['DELETE', '/api/mcp-servers/server_none'],
      ['POST', '/api/mcp-servers/server_none/connect'],
      ['POST', '/api/mcp-servers/server_none/disconnect'],
      ['POST', '/api/mcp-servers/server_none/restart'],
      ['GET', '/api/mcp-servers/server_none/catalog'],
      ['GET', '/api/mcp-servers/server_none/output'],
      ['GET', '/api/nothing'],
      ['GET', '/nothing'],
      ['GET', '/api/vmcps/%zz'],
      ['POST', '/mcp/none'],
      ['GET', '/mcp/none/sse'],
      ['POST', '/mcp/'],
      ['POST', '/private/none/vmcp'],
      ['POST', '/t/wrong/mcp/none'],
      ['GET', '/t/wrong'],
      ['GET', '/ws'],
    ];
    for (const [method, path] of addresses) {
      it(`to ${method} ${path}`, async () => {
        const body = method === 'PUT' ? '{}' : undefined;
        assert.equal((await send(method, path, body, body ? json : {})).status, 404);
      });
    }
    it('to calls on an unknown vMCP', async () => {
      const base = '/api/vmcps/vmcp_none';
      const calls: [string, string][] = [
        ['tools/call', '{"name":"x.y"}'],
        ['resources/read', '{"uri":"x://y"}'],
        ['prompts/get', '{"name":"x.y"}'],
      ];
      for (const [path, body] of calls) {
        assert.equal((await send('POST', `${base}/${path}`, body, json)).status, 404);
      }
    });
    it('to what administers the server, without the admin token, even if all else is open', async () => {
      const calls: [string, string][] = [
        ['stop', '{}'],
        ['settings', '{}'],
        ['secrets-key', '{"key":""}'],
        ['client-tokens', '{"name":"x"}'],
      ];
      for (const [path, body] of calls) {
        assert.equal((await send('POST', `/api/admin/${path}`, body, json)).status, 404);
        const wrong = { ...json, authorization: 'Bearer wrong' };
        assert.equal((await send('POST', `/api/admin/${path}`, body, wrong)).status, 404);
      }
    });
  });

  it('answers 405 with what is allowed', async () => {
    for (const [method, path, allowed] of [
      ['PATCH', '/api/vmcps', ['GET', 'HEAD', 'POST']],
      ['DELETE', '/api/stats', ['GET', 'HEAD']],
      ['GET', '/api/admin/stop', ['POST']],
      ['POST', '/health', ['GET', 'HEAD']],
    ] as const) {
      const { status, headers, body } = await send(method, path);
      assert.equal(status, 405, `${method} ${path}`);
      assert.deepEqual((headers.allow ?? '').split(', ').sort(), [...allowed].sort());
      assert.match(body.detail, new RegExp(method));
    }
  });

  it('answers OPTIONS and HEAD without a body, and never opens itself to pages', async () => {
    const options = await send('OPTIONS', '/api/vmcps');
    assert.equal(options.status, 200);
    assert.match(options.headers.allow ?? '', /POST/);
    const head = await send('HEAD', '/api/vmcps');
    assert.equal(head.status, 200);
    assert.equal(head.body, undefined);
    for (const { headers } of [options, head]) {
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control')),
        [],
      );
    }
  });

  describe('answers 415', () => {
    for (const headers of [
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data; boundary=x' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    ] as Record<string, string>[]) {
      it(`to ${JSON.stringify(headers)}`, async () => {
        assert.equal((await post('{"name":"x"}', headers)).status, 415);
      });
    }
  });

  describe('answers 413', () => {
    const large = `{"name":"x","description":"${'x'.repeat(4 * 1024 * 1024)}"}`;
    it('to a body over 4 MiB', async () => {
      const { status, body } = await post(large);
      assert.equal(status, 413);
      assert.match(body.detail, /4 MiB/);
    });
    it('to one whose size is not told before', async () => {
      assert.equal((await post(large, { ...json, 'transfer-encoding': 'chunked' })).status, 413);
    });
    it('to an announced one, before it comes', async () => {
      const outgoing = request({
        ...{ host: '127.0.0.1', port, method: 'POST', path: '/api/vmcps' },
        headers: { ...json, 'content-length': String(1024 ** 4) },
      });
      outgoing.on('error', () => {});
      outgoing.flushHeaders();
      const [response] = await once(outgoing, 'response');
      assert.equal(response.statusCode, 413);
      outgoing.destroy();
    });
  });

  describe('answers 403', () => {
    const refused: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: '127.0.0.1:1' },
      { host: 'localhost.evil.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1' },
    ];
    for (const headers of refused) {
      it(`to ${JSON.stringify(headers)}, whatever is asked`, async () => {
        for (const [method, path] of [
          ['GET', '/'],
          ['GET', '/health'],
          ['GET', '/api/vmcps'],
          ['POST', '/api/vmcps'],
          ['OPTIONS', '/api/vmcps'],
          ['POST', '/mcp/demo'],
          ['POST', '/t/x/mcp/demo'],
          ['GET', '/nothing'],
        ] as const) {
          assert.equal((await send(method, path, undefined, headers)).status, 403, path);
        }
      });
    }
  });

  describe('goes on', () => {
    it('when a client goes away in the middle of its body', async () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(
        'POST /api/vmcps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
          'Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n',
      );
      await once(socket, 'data'); // the server waits for the body now
      socket.write('{"name":"x"');
      socket.destroy();
      assert.equal((await rest.ok('GET', '/health')).status, 'ok');
    });

    it('with nothing made of all this', async () => {
      assert.deepEqual(await rest.ok('GET', '/api/vmcps'), []);
      assert.deepEqual(await rest.ok('GET', '/api/mcp-servers'), []);
    });
  });
});
