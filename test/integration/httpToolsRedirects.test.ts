import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/contract/json.ts';
import { HttpToolRunner } from '../../src/server/tools/http/httpToolRunner.ts';
import { type HttpApi, startHttpApi } from '../fixtures/httpApi/httpApi.ts';
import { useCleanup } from '../support/cleanup.ts';
import { makeContext, makeTool, textOf } from '../unit/tools/httpToolFixture.ts';

const secret = 'very-secret-value';
const mask = (text: string) => text.replaceAll(secret, '********');

describe('redirects of HTTP tools', () => {
  const cleanup = useCleanup(after);
  let own: HttpApi;
  /** Another port is another origin. */
  let other: HttpApi;
  let runner: HttpToolRunner;

  before(async () => {
    [own, other] = await Promise.all([startHttpApi(), startHttpApi()]);
    runner = new HttpToolRunner(mask);
    cleanup.add(() => runner.close());
    cleanup.add(() => own.close());
    cleanup.add(() => other.close());
  });

  async function run(config: JsonObject & { url: string }) {
    const tool = makeTool(config);
    const { result } = await runner.run(tool, makeContext(tool, {}, { config: { secret } }));
    return result;
  }

  const redirect = (to: string, status = 302) =>
    `${own.url}/redirect?status=${status}&to=${encodeURIComponent(to)}`;
  const credentials = {
    headers: { 'X-Api-Key': 'k', Cookie: 'sid=1', 'X-Note': 'has @config.secret', 'X-Plain': 'p' },
    auth: { type: 'bearer', token: 't' },
  };

  it('are followed with credentials within an origin', async () => {
    const result = await run({ url: redirect('/echo'), ...credentials });
    const { headers } = result.structuredContent as { headers: JsonObject };
    assert.equal(headers.authorization, 'Bearer t');
    assert.equal(headers['x-api-key'], 'k');
  });

  it('carry no credentials to another origin', async () => {
    const result = await run({ url: redirect(`${other.url}/echo`), ...credentials });
    const { headers } = result.structuredContent as { headers: JsonObject };
    for (const name of ['authorization', 'x-api-key', 'cookie', 'x-note']) {
      assert.equal(headers[name], undefined, name);
    }
    assert.equal(headers['x-plain'], 'p');
  });

  it('carry none back either, once they were at another origin', async () => {
    const back = `${other.url}/redirect?to=${encodeURIComponent(`${own.url}/echo`)}`;
    const result = await run({ url: redirect(back), ...credentials });
    const { headers } = result.structuredContent as { headers: JsonObject };
    assert.equal(headers.authorization, undefined);
  });

  it('say that credentials were left out where that may be why it failed', async () => {
    const result = await run({ url: redirect(`${other.url}/auth/bearer`), ...credentials });
    assert.equal(result.isError, true);
    assert.match(
      textOf(result),
      /HTTP 401 Unauthorized \(after a redirect to .*, where credentials are not sent\)/,
    );
  });

  it('become GET where the status says so, and keep method and body where it does not', async () => {
    const post = { method: 'POST', body: { a: 1 } };
    for (const status of [301, 302, 303]) {
      const { method, body, headers } = await echoed(status);
      assert.deepEqual([method, body, headers['content-type']], ['GET', '', undefined]);
    }
    for (const status of [307, 308]) {
      const { method, body } = await echoed(status);
      assert.deepEqual([method, body], ['POST', '{"a":1}']);
    }
    async function echoed(status: number) {
      const result = await run({ url: redirect('/echo', status), ...post });
      return result.structuredContent as { method: string; body: string; headers: JsonObject };
    }
  });

  it('take no secret in a body to another origin', async () => {
    const before = other.requests.length;
    const url = redirect(`${other.url}/echo`, 307);
    const result = await run({ url, method: 'POST', body: { password: '@config.secret' } });
    assert.match(textOf(result), /its body holds a secret, which does not go there/);
    assert.equal(other.requests.length, before);
  });

  it('in circles end with an error', async () => {
    const before = own.requests.length;
    const result = await run({ url: `${own.url}/circle` });
    assert.equal(result.isError, true);
    assert.match(textOf(result), /^More than 5 redirects, the last one from http/);
    assert.equal(own.requests.length - before, 6);
  });

  for (const to of [
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
  ]) {
    it(`to ${to} end there`, async () => {
      const result = await run({ url: redirect(to) });
      assert.equal(result.isError, true);
      assert.match(textOf(result), /link-local or metadata address/);
    });
  }

  for (const to of [
    'file:///etc/passwd',
    'javascript:1',
    'http://user:pass@127.0.0.1/',
    'http://',
  ]) {
    it(`to ${to} are not followed`, async () => {
      assert.match(
        textOf(await run({ url: redirect(to) })),
        /redirects to an address that is not followed/,
      );
    });
  }
});
