import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { checkHttpTool } from '../../../src/server/tools/http/checkHttpTool.ts';
import { RequestError } from '../../../src/server/tools/http/requestError.ts';
import { TemplateBatch } from '../../../src/server/tools/http/templateBatch.ts';
import { formatUrl } from '../../../src/server/tools/http/urlParts.ts';
import { prepareUrl } from '../../../src/server/tools/http/urlTemplate.ts';
import { makeContext, makeTool } from './httpToolFixture.ts';

async function urlOf(
  url: string,
  args: JsonObject,
  { config = {}, query = {} }: { config?: JsonObject; query?: JsonObject } = {},
): Promise<string> {
  const variables: JsonValue[] = ['a', 'b', 'c'].map((name) => ({ name, type: 'str' }));
  const tool = makeTool({ url, query_params: query }, variables);
  const batch = new TemplateBatch();
  const parts = prepareUrl(tool.api_config, tool.variables, batch);
  await batch.render(makeContext(tool, args, { config }).render);
  return formatUrl(parts(), (value) => value);
}

describe('URLs of HTTP tools', () => {
  it('keep scheme, host, path and parameters, whatever values are put into them', async () => {
    const template = 'https://api.example/v1/@param.a/x-{b}-y/:c?p=@param.a&q=x{{b}}#@param.c';
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.stringMatching(/^[./\\?#&=%@:]*$/),
    );
    await fc.assert(
      fc.asyncProperty(value, value, value, async (a, b, c) => {
        let text: string;
        try {
          text = await urlOf(template, { a, b, c }, { query: { r: '@param.b' } });
        } catch (error) {
          assert(error instanceof RequestError);
          assert([a, c].some((one) => ['', '.', '..'].includes(one)));
          return;
        }
        const well = (one: string) => Buffer.from(one).toString();
        const url = new URL(text);
        assert.equal(url.origin, 'https://api.example');
        assert.deepEqual(url.pathname.split('/').map(decodeURIComponent), [
          ...['', 'v1', well(a), `x-${well(b)}-y`, well(c)],
        ]);
        assert.deepEqual(
          [...url.searchParams],
          [
            ...[
              ['p', well(a)],
              ['q', `x${well(b)}`],
            ],
            ['r', well(b)],
          ],
        );
        assert.equal(url.hash, '');
      }),
    );
  });

  const cases: [string, string, JsonObject?, JsonObject?][] = [
    ['https://h.example', 'https://h.example/'],
    ['https://h.example?x=1', 'https://h.example/?x=1'],
    ['@config.base', 'https://h.example/v1/', {}, { base: 'https://h.example/v1/' }],
    ['@config.base/users', 'https://h.example/v1/users', {}, { base: 'https://h.example/v1/' }],
    [
      '{{config.base}}?q={a}',
      'https://h.example/?k=1&q=z',
      { a: 'z' },
      { base: 'https://h.example?k=1' },
    ],
    ['@config.scheme://h.example/', 'https://h.example/', {}, { scheme: 'https' }],
    ['https://{region}.h.example/', 'https://eu.h.example/', {}, { region: 'eu' }],
    ['https://h.example/users/@@me', 'https://h.example/users/@me'],
    ['https://h.example/a:b/:c.json', 'https://h.example/a:b/1.json', { c: '1' }],
    ['https://h.example/?a={a}&b', 'https://h.example/?b'],
    ['https://h.example/?{{#a}}x={{a}}{{/a}}', 'https://h.example/?x%3D1', { a: '1' }],
    ['https://h.example/proxy/http://x/{a}', 'https://h.example/proxy/http://x/1', { a: '1' }],
  ];
  for (const [template, expected, args = {}, config = {}] of cases) {
    it(`of ${template} are ${expected}`, async () => {
      assert.equal(await urlOf(template, args, { config }), expected);
    });
  }

  it('are checked before a call as far as that is possible', () => {
    const problems = (url: string) =>
      checkHttpTool(makeTool({ url }, [{ name: 'a' }])).map(({ message }) => message);
    assert.deepEqual(problems('https://h.example/{a}'), []);
    assert.deepEqual(problems('@config.base/{a}'), []);
    assert.match(problems('https://{a}.example/')[0] ?? '', /depends on @param:a/);
    assert.match(problems('@tool(s.t)/x')[0] ?? '', /depends on @tool/);
    assert.match(problems('h.example/x')[0] ?? '', /must begin with http/);
  });
});
