import assert from 'node:assert/strict';
import type { LookupFunction } from 'node:net';
import type { JsonObject, JsonValue } from '../../src/contract/json.ts';
import { HttpToolRunner } from '../../src/server/tools/http/httpToolRunner.ts';
import { type HttpApi, pixel, startHttpApi } from '../fixtures/httpApi/httpApi.ts';
import { useCleanup } from '../support/cleanup.ts';
import {
  type ContextOptions,
  makeContext,
  makeTool,
  textOf,
} from '../unit/tools/httpToolFixture.ts';

const secret = 'key-of-test-user';
const mask = (text: string) => text.replaceAll(secret, '********');

describe('HTTP tools', () => {
  const cleanup = useCleanup(after);
  let api: HttpApi;
  let runner: HttpToolRunner;

  before(async () => {
    api = await startHttpApi();
    cleanup.add(() => api.close());
    runner = new HttpToolRunner(mask);
    cleanup.add(() => runner.close());
  });

  interface Call extends ContextOptions {
    variables?: JsonValue[];
    args?: JsonObject;
  }

  /** Runs a tool whose URL starts at the test API unless it is absolute. */
  async function run(config: JsonObject & { url: string }, call: Call = {}) {
    const url = config.url.startsWith('/') ? api.url + config.url : config.url;
    const tool = makeTool({ ...config, url }, call.variables);
    return runner.run(tool, makeContext(tool, call.args ?? {}, call));
  }

  /** The request as the API received it. */
  async function echo(config: JsonObject & { url: string }, call: Call = {}) {
    const { result } = await run(config, call);
    assert.equal(result.isError, undefined, textOf(result));
    return result.structuredContent as unknown as {
      method: string;
      url: string;
      headers: Record<string, string>;
      body: string;
      port: number;
    };
  }

  const variable = (name: string, type = 'str', more: JsonObject = {}) => ({ name, type, ...more });

  describe('requests', () => {
    it('put a value into the path so that it stays one segment of it', async () => {
      const variables = [variable('id'), variable('name')];
      const args = { id: 'a/../b?x=1#y', name: 'ä %2e' };
      const { url } = await echo({ url: '/echo/@param.id/x/{name}/end' }, { variables, args });
      assert.equal(url, '/echo/a%2F..%2Fb%3Fx%3D1%23y/x/%C3%A4%20%252e/end');
    });

    it('know :name in the path where there is such a variable', async () => {
      const variables = [variable('id', 'int')];
      const { url } = await echo({ url: '/echo/:id/:other' }, { variables, args: { id: 7 } });
      assert.equal(url, '/echo/7/:other');
    });

    for (const value of ['..', '.', '']) {
      it(`refuse "${value}" as a segment, which would be another address`, async () => {
        const before = api.requests.length;
        const call = { variables: [variable('id')], args: { id: value } };
        const { result } = await run({ url: '/echo/users/{id}' }, call);
        assert.equal(result.isError, true);
        assert.match(
          textOf(result),
          /path of the URL is (empty|"\.+"); it would mean another address/,
        );
        assert.equal(api.requests.length, before);
      });
    }

    it('encode query values, repeat lists, and leave out what was not given', async () => {
      const variables = [
        variable('q'),
        variable('tags', 'list'),
        variable('limit', 'int'),
        variable('absent'),
      ];
      const args = { q: 'a&b=c d', tags: ['x', 'y&z'], limit: '5' };
      const config = {
        url: '/echo?fixed=a%20b&q=@param:q&none=@param:absent&mixed=v-@param:limit',
        query_params: {
          tag: '@param:tags',
          limit: '@param:limit',
          none: '@param:absent',
          on: true,
        },
      };
      const { url } = await echo(config, { variables, args });
      assert.equal(
        url,
        '/echo?fixed=a%20b&q=a%26b%3Dc%20d&mixed=v-5&tag=x&tag=y%26z&limit=5&on=true',
      );
    });

    it('keep the types of values in JSON bodies', async () => {
      const variables = [
        variable('n', 'int'),
        variable('list', 'list'),
        variable('text'),
        variable('absent'),
      ];
      const args = { n: 3, list: [1, { a: null }], text: '"},{"' };
      const config = {
        method: 'POST',
        url: '/echo',
        body: {
          n: '@param:n',
          l: '@param.list',
          s: 'n=@param:n',
          t: '@param:text',
          a: '@param:absent',
          z: null,
        },
      };
      const request = await echo(config, { variables, args });
      assert.deepEqual(JSON.parse(request.body), {
        ...{ n: 3, l: [1, { a: null }], s: 'n=3', t: '"},{"', z: null },
      });
      assert.equal(request.headers['content-type'], 'application/json');
    });

    it('take a body that is written as text apart as JSON, so that no value changes its structure', async () => {
      const variables = [variable('n', 'int'), variable('text')];
      const args = { n: 3, text: 'x", "admin": "true' };
      const body = '{"n": @param:n, "s": "@param:text", "t": {{text}}, "mail": "a@@b"}';
      const request = await echo({ method: 'POST', url: '/echo', body }, { variables, args });
      assert.deepEqual(JSON.parse(request.body), {
        ...{ n: 3, s: args.text, t: args.text, mail: 'a@b' },
      });
    });

    it('say where a body made with sections is no JSON', async () => {
      const body = '{"a": [{{#list}}"{{.}}",{{/list}}]}';
      const call = { variables: [variable('list', 'list')], args: { list: ['x'] } };
      const { result } = await run({ method: 'POST', url: '/echo', body }, call);
      assert.match(textOf(result), /The body is no JSON once its values are in it/);
    });

    it('send forms', async () => {
      const variables = [variable('a'), variable('b', 'list'), variable('absent')];
      const args = { a: 'x=1&y', b: [1, 'ü'] };
      const config = { method: 'POST', url: '/echo', body_type: 'form' };
      const body = { a: '@param.a', b: '@param.b', c: '@param.absent', d: { k: 1 } };
      const request = await echo({ ...config, body }, { variables, args });
      assert.equal(request.body, 'a=x%3D1%26y&b=1&b=%C3%BC&d=%7B%22k%22%3A1%7D');
      assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded');
      const text = await echo({ ...config, body: 'p=%20&a=@param.a' }, { variables, args });
      assert.equal(text.body, 'p=%20&a=x%3D1%26y');
    });

    it('send multipart bodies with files', async () => {
      const variables = [variable('file', 'dict'), variable('note')];
      const file = { filename: 'a"b.txt', content_type: 'text/csv', data: btoa('1;2') };
      const config = {
        ...{ method: 'POST', url: '/echo', body_type: 'multipart' },
        body: { file: '@param.file', note: '@param.note', meta: { k: [1] } },
        headers: { 'Content-Type': 'multipart/form-data; boundary=wrong' },
      };
      const request = await echo(config, { variables, args: { file, note: 'hello' } });
      assert.match(
        request.headers['content-type'] ?? '',
        /^multipart\/form-data; boundary=(?!wrong)/,
      );
      assert.match(
        request.body,
        /name="file"; filename="a%22b\.txt"\r\nContent-Type: text\/csv\r\n\r\n1;2/,
      );
      assert.match(request.body, /name="note"\r\n\r\nhello\r\n/);
      assert.match(request.body, /Content-Type: application\/json\r\n\r\n\{"k":\[1\]\}/);
    });

    it('send text bodies', async () => {
      const config = {
        ...{ method: 'PUT', url: '/echo', body_type: 'text', body: '<a>@param.x</a>' },
        headers: { 'content-type': 'application/xml' },
      };
      const request = await echo(config, { variables: [variable('x')], args: { x: '1' } });
      assert.equal(request.body, '<a>1</a>');
      assert.equal(request.headers['content-type'], 'application/xml');
    });

    it('send headers and cookies, leaving out what was not given', async () => {
      const variables = [variable('x'), variable('absent')];
      const config = {
        url: '/echo',
        headers: { 'X-One': '@param.x', 'X-None': '@param.absent', 'Content-Length': '999' },
        cookies: { a: '@param.x', none: '@param.absent' },
      };
      const { headers } = await echo(config, { variables, args: { x: 'v; b=2' } });
      assert.equal(headers['x-one'], 'v; b=2');
      assert.equal(headers['x-none'], undefined);
      assert.equal(headers.cookie, 'a=v%3B%20b=2');
      assert.equal(headers['content-length'], undefined);
    });

    it('refuse line breaks in headers', async () => {
      const call = { variables: [variable('x')], args: { x: 'a\r\nX-Evil: 1' } };
      const { result } = await run({ url: '/echo', headers: { 'X-One': '@param.x' } }, call);
      assert.equal(result.isError, true);
      assert.match(textOf(result), /header "X-One" holds a line break/);
    });

    it('take the host from the configuration, never from arguments', async () => {
      const config = { base_url: `${api.url}/echo/`, host: new URL(api.url).host };
      const variables = [variable('where'), variable('id')];
      const args = { where: 'evil.example', id: '1' };
      const first = await echo({ url: '@config.base_url/users/{id}' }, { config, variables, args });
      assert.equal(first.url, '/echo/users/1');
      const second = await echo({ url: 'http://@config.host/echo' }, { config });
      assert.equal(second.url, '/echo');
      const third = await echo({ url: 'http://{{host}}/echo' }, { config });
      assert.equal(third.url, '/echo');
      for (const url of [
        'http://@param.where/x',
        'http://{where}/x',
        '{{where}}/x',
        'http://a.@param:where',
      ]) {
        const { result } = await run({ url }, { variables, args });
        assert.match(
          textOf(result),
          /The host of the URL depends on .*where.*; it may only come from/,
        );
      }
    });

    it('refuse addresses that are no http or hold credentials', async () => {
      for (const url of ['file:///etc/passwd', 'example.com/x', 'ftp://example.com']) {
        const { result } = await run({ url });
        assert.match(textOf(result), /must begin with http:\/\/ or https:\/\//);
      }
      const { result } = await run({ url: 'http://user:pass@127.0.0.1/' });
      assert.match(textOf(result), /credentials; they belong into auth/);
    });

    it('render sections of bodies that are JSON only afterwards', async () => {
      const body = '{"a": [0{{#list}}, {{.}}{{/list}}]}';
      const call = { variables: [variable('list', 'list')], args: { list: [1, 2] } };
      const request = await echo({ method: 'POST', url: '/echo', body }, call);
      assert.deepEqual(JSON.parse(request.body), { a: [0, 1, 2] });
    });

    it('use a connection again', async () => {
      const first = await echo({ url: '/echo' });
      const second = await echo({ url: '/echo' });
      assert.equal(second.port, first.port);
    });
  });

  describe('credentials', () => {
    const config = { token: 'token-of-test-user', key: secret, user: 'admin', pass: 'admin123' };

    const kinds: [string, JsonObject][] = [
      ['bearer', { type: 'bearer', token: '@config.token' }],
      ['basic', { type: 'basic', username: '@config.user', password: '@config.pass' }],
      ['header', { type: 'api_key', key: '@config.key' }],
      ['named', { type: 'api_key', key: '@config.key', name: 'X-Own-Key' }],
      ['query', { type: 'api_key', key: '@config.key', name: 'api_key', in: 'query' }],
      ['custom', { type: 'custom', headers: { 'X-Custom-Token': 'custom-token-123' } }],
    ];
    for (const [kind, auth] of kinds) {
      it(`are sent as ${kind}`, async () => {
        const { result } = await run({ url: `/auth/${kind}`, auth }, { config });
        assert.deepEqual(result.structuredContent, { authenticated: kind });
      });
    }

    it('replace headers and parameters of the same name', async () => {
      const call = { config };
      const header = {
        url: '/auth/header',
        headers: { 'x-api-key': 'other' },
        auth: { type: 'api_key', key: '@config.key' },
      };
      assert.equal((await run(header, call)).result.isError, undefined);
      const auth = { type: 'api_key', key: '@config.key', name: 'api_key', in: 'query' };
      const query = { url: '/auth/query?api_key=raw', query_params: { api_key: 'other' }, auth };
      assert.equal((await run(query, call)).result.isError, undefined);
      assert.equal(api.requests.at(-1)?.url, `/auth/query?api_key=${secret}`);
    });

    it('that are empty are an error', async () => {
      const { result } = await run(
        { url: '/echo', auth: { type: 'bearer', token: '@config.t' } },
        { config: { t: '' } },
      );
      assert.match(textOf(result), /bearer token of the tool's auth is empty/);
    });

    it('are masked in the request that is shown', async () => {
      const { resolved_request } = await run(
        {
          ...{
            method: 'POST',
            url: '/echo/@config.key?k=@config.key&n=1',
            body: { a: '@config.key', b: 'x' },
          },
          headers: { 'X-Session-Token': 'abc', 'X-Plain': 'in @config.key' },
          auth: { type: 'bearer', token: '@config.token' },
        },
        { config },
      );
      assert.deepEqual(resolved_request, {
        method: 'POST',
        url: `${api.url}/echo/********?k=********&n=1`,
        headers: {
          'X-Session-Token': '********',
          'X-Plain': 'in ********',
          'User-Agent': 'vMCP',
          'Content-Type': 'application/json',
          Authorization: 'Bearer ********',
        },
        body: '{"a":"********","b":"x"}',
      });
    });
  });

  describe('answers', () => {
    it('of JSON are text and structured content', async () => {
      const { result } = await run({ url: '/users/1' });
      assert.deepEqual(result, {
        content: [{ type: 'text', text: '{"id":1,"name":"Ada","role":"admin"}' }],
        structuredContent: { id: 1, name: 'Ada', role: 'admin' },
      });
    });

    it('that are no object are wrapped in one', async () => {
      assert.deepEqual((await run({ url: '/download/number.json' })).result, {
        content: [{ type: 'text', text: '42' }],
        structuredContent: { result: 42 },
      });
      const { result } = await run({ url: '/users' });
      assert.equal((result.structuredContent as { result: unknown[] }).result.length, 2);
    });

    it('can be picked from by a JSON pointer', async () => {
      const { result } = await run({ url: '/users', response_pointer: '/1/name' });
      assert.deepEqual(result, {
        content: [{ type: 'text', text: 'Björn' }],
        structuredContent: { result: 'Björn' },
      });
      const missing = await run({ url: '/users', response_pointer: '/7' });
      assert.equal(missing.result.isError, true);
      assert.match(textOf(missing.result), /^The answer has nothing at "\/7"\n\[\{/);
    });

    it('can be put into a template, in which they are values only', async () => {
      const response_template = '{{#result}}- {{name}} ({{role}})\n{{/result}}';
      const { result } = await run({ url: '/users', response_template });
      assert.deepEqual(result, {
        content: [{ type: 'text', text: '- Ada (admin)\n- Björn (user)\n' }],
      });
      const echoed = await run(
        {
          method: 'POST',
          url: '/echo',
          body: { x: '@param.x' },
          response_template: 'got {{body}}',
        },
        {
          variables: [variable('x')],
          args: { x: '@config.key {{config.key}}' },
          config: { key: secret },
        },
      );
      assert.equal(textOf(echoed.result), 'got {"x":"@config.key {{config.key}}"}');
    });

    it('of text are read in their charset', async () => {
      assert.equal(textOf((await run({ url: '/download/latin1.txt' })).result), 'Grüße');
      assert.equal(textOf((await run({ url: '/download/utf16.txt' })).result), 'Grüße');
      assert.equal(textOf((await run({ url: '/download/page.html' })).result), '<p>hello</p>');
      assert.equal(textOf((await run({ url: '/download/broken.json' })).result), '{"a":');
    });

    it('of JSON in other types are JSON, too', async () => {
      assert.deepEqual((await run({ url: '/download/problem.json' })).result.structuredContent, {
        title: 'x',
      });
      assert.deepEqual((await run({ url: '/download/untyped' })).result.structuredContent, {
        untyped: true,
      });
      assert.deepEqual((await run({ url: '/packed' })).result.structuredContent, { packed: true });
    });

    it('that are nested beyond reason stay text', async () => {
      const { result } = await run({ url: '/download/deep.json' });
      assert.equal(result.structuredContent, undefined);
      assert.equal(textOf(result).length, 100_000);
    });

    it('that are no text are images, audio or blobs', async () => {
      const item = async (name: string) =>
        ((await run({ url: `/download/${name}` })).result.content as JsonObject[])[0];
      assert.deepEqual(await item('pixel.png'), {
        ...{ type: 'image', mimeType: 'image/png', data: pixel.toString('base64') },
      });
      assert.equal((await item('tone.wav'))?.type, 'audio');
      assert.deepEqual(await item('report.pdf'), {
        type: 'resource',
        resource: {
          uri: 'http-tool://tool/report%201.pdf',
          mimeType: 'application/pdf',
          blob: btoa('%PDF-1.7'),
        },
      });
      for (const name of ['broken.txt', 'strange.txt', 'untyped.bin']) {
        assert.equal((await item(name))?.type, 'resource', name);
      }
    });

    it('without content say so', async () => {
      const { result } = await run({ method: 'DELETE', url: '/users/1' });
      assert.deepEqual(result.content, [
        { type: 'text', text: 'HTTP 204 No Content, without content' },
      ]);
      const head = await run({ method: 'HEAD', url: '/users/1' });
      assert.match(textOf(head.result), /^HTTP 200 OK/);
    });

    it('of status 400 and above are errors with status and body', async () => {
      for (const [status, text] of [
        [400, 'Bad Request'],
        [429, 'Too Many Requests'],
        [500, 'Internal Server Error'],
      ] as const) {
        const { result } = await run({ url: `/errors/${status}` });
        assert.equal(result.isError, true);
        assert.equal(textOf(result), `HTTP ${status} ${text}\n{"error":"as asked: ${status}"}`);
      }
    });
  });

  describe('limits', () => {
    it('end an answer that is too large', async () => {
      const { result } = await run({ url: '/endless', max_response_bytes: 100_000 });
      assert.equal(result.isError, true);
      assert.match(textOf(result), /larger than 100000 bytes and was cut off/);
    });

    for (const path of ['/silent', '/stuck']) {
      it(`end an answer that never comes to its end (${path})`, async () => {
        const { result } = await run({ url: path, timeout_s: 1 });
        assert.equal(result.isError, true);
        assert.equal(textOf(result), `No complete answer from ${api.url} within 1 s (timeout_s)`);
      });
    }

    it('are ended by the call itself, too', async () => {
      const stop = new AbortController();
      const count = api.requests.length;
      const running = run({ url: '/silent' }, { signal: stop.signal });
      while (api.requests.length === count) await new Promise((resolve) => setImmediate(resolve));
      stop.abort(new Error('the client left'));
      await assert.rejects(running, /the client left/);
    });
  });

  describe('failures', () => {
    it('of the network name host and reason', async () => {
      const { result } = await run({ url: 'http://127.0.0.1:9/x?key=1' });
      assert.equal(
        textOf(result),
        'No answer from http://127.0.0.1:9: the connection was refused; is the server running? (ECONNREFUSED)',
      );
    });

    it('of the answer name the reason', async () => {
      assert.match(
        textOf((await run({ url: '/broken' })).result),
        /^No answer from .*: the (answer broke off|server closed)/,
      );
      assert.match(
        textOf((await run({ url: '/badlyPacked' })).result),
        /the answer cannot be unpacked/,
      );
    });

    it('of the definition are template errors', async () => {
      await assert.rejects(run({ url: '/echo', headers: { X: '@config.nope' } }), {
        name: 'TemplateError',
        message: 'Unknown configuration key “nope”',
      });
    });
  });

  describe('addresses', () => {
    const spellings = [
      ...['169.254.169.254', '0xA9FEA9FE', '2852039166', '0251.0376.0251.0376', '169.254.43518'],
      ...['[::ffff:169.254.169.254]', '[fe80::1]', '[fd00:ec2::254]', '[64:ff9b::a9fe:a9fe]'],
    ];
    for (const host of spellings) {
      it(`of clouds and link-local devices are refused: ${host}`, async () => {
        const { result } = await run({ url: `http://${host}/latest/meta-data` });
        assert.equal(result.isError, true);
        assert.match(textOf(result), /is a link-local or metadata address/);
      });
    }

    it('are refused by what a name resolves to when it is connected to', async () => {
      const asked: string[] = [];
      const resolve: LookupFunction = (name, _options, callback) => {
        asked.push(name);
        callback(null, [{ address: '169.254.169.254', family: 4 }]);
      };
      const rebinding = new HttpToolRunner(mask, resolve);
      cleanup.add(() => rebinding.close());
      const tool = makeTool({ url: 'http://metadata.example/' });
      const { result } = await rebinding.run(tool, makeContext(tool, {}));
      assert.match(textOf(result), /"metadata.example" is a link-local or metadata address/);
      assert.deepEqual(asked, ['metadata.example']);
    });

    it('that are not refused serve where a name has both', async () => {
      const resolve: LookupFunction = (_name, _options, callback) => {
        callback(null, [
          { address: 'fe80::1', family: 6 },
          { address: '127.0.0.1', family: 4 },
        ]);
      };
      const both = new HttpToolRunner(mask, resolve);
      cleanup.add(() => both.close());
      const tool = makeTool({ url: `http://printer.example:${new URL(api.url).port}/health` });
      const { result } = await both.run(tool, makeContext(tool, {}));
      assert.deepEqual(result.structuredContent, { status: 'ok' });
    });

    it('are refused in redirects', async () => {
      const { result } = await run({ url: '/redirect?to=http://169.254.169.254/' });
      assert.match(textOf(result), /is a link-local or metadata address/);
    });

    it('are reached where the author allows it', async () => {
      const resolve: LookupFunction = (_name, _options, callback) => {
        callback(Object.assign(new Error('asked'), { code: 'EASKED' }), '');
      };
      const open = new HttpToolRunner(mask, resolve);
      cleanup.add(() => open.close());
      const tool = makeTool({ url: 'http://device.example/', allow_link_local: true });
      const { result } = await open.run(tool, makeContext(tool, {}));
      assert.match(textOf(result), /EASKED/);
    });
  });
});
