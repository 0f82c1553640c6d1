import { strict as assert } from 'node:assert';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { parseTemplate } from '../../../src/server/template/parseTemplate.ts';
import { renderTemplate } from '../../../src/server/template/renderTemplate.ts';
import { promptResult, resourceResult, TestItems, testScope, textResult } from './testScope.ts';

const config = { SECRET: 's3cr3t', CITY: 'Paris', page_id: 'p-1' };

function items(): TestItems {
  return new TestItems({
    'vmcp.cp': ({ name = 'nobody' }) => promptResult(`Prompt for ${name}`),
    'srvA.cfg://settings': () => resourceResult('{"a":1}'),
    'allfeature.add': ({ a, b }) => ({
      content: [{ type: 'text', text: String(Number(a) + Number(b)) }],
      structuredContent: { result: Number(a) + Number(b) },
    }),
    'S.t': (args) => textResult(JSON.stringify(args)),
    'notion.notion-fetch': ({ id }) => textResult(`page ${id}`),
    'my-server.tool': () => textResult('reached'),
  }).template('vmcp.pt', 'Hello @param.x!', config);
}

async function render(text: string, params: JsonObject, optional: string[] = []) {
  const references = items();
  const scope = testScope({ params, config, optional, references });
  return await renderTemplate(parseTemplate(text), scope);
}

describe('Templates of the reference system', () => {
  const rendered: [template: string, params: JsonObject, expected: JsonValue][] = [
    ['Hello @param.x!', { x: 'Bob' }, 'Hello Bob!'],
    ['Hello @param.x!', { x: '@config.SECRET' }, 'Hello @config.SECRET!'],
    ['Hello @param.x!', { x: '{{ config.SECRET }}' }, 'Hello {{ config.SECRET }}!'],
    ['Hello @param.x!', { x: '@tool.vmcp.other()' }, 'Hello @tool.vmcp.other()!'],
    ['Hello @param.x!', { x: '{{7*7}}' }, 'Hello {{7*7}}!'],
    [
      'n=@param.n b=@param.b l=@param.l d=@param.d none=@param.z',
      { n: 1, b: true, l: [1, 'a'], d: { k: null }, z: null },
      'n=1 b=true l=[1,"a"] d={"k":null} none=',
    ],
    [
      'mail me@param.x or x@config.CITY.com @@param.x @param.x.y @param.',
      { x: 'V' },
      'mail me@param.x or x@config.CITY.com @param.x V.y @param.',
    ],
    [
      '{{#param.x}}yes {{x}} {{config.CITY}} {{CITY}}{{/param.x}}{{^param.x}}no{{/param.x}}',
      { x: 'a' },
      'yes a Paris Paris',
    ],
    [
      '{{#param.x}}yes {{x}} {{config.CITY}} {{CITY}}{{/param.x}}{{^param.x}}no{{/param.x}}',
      {},
      'no',
    ],
    ['A @tool.vmcp.pt(x="a, b=c")', {}, 'A Hello a, b=c!'],
    ['B @tool.vmcp.pt(x="par(en)")', {}, 'B Hello par(en)!'],
    ['P @prompt.vmcp.cp(name="Z")', {}, 'P Prompt for Z'],
    ['R @prompt.vmcp.cp', {}, 'R Prompt for nobody'],
    ['@resource.srvA.cfg://settings and', {}, '{"a":1} and'],
    ['@tool.allfeature.add(a: int = 7, b: int = 4)', {}, '11'],
    ['@tool.S.t(d: bool = true, e = null)', {}, '{"d":true,"e":null}'],
    ['@tool.S.t(b=@param.x)', { x: 'ok' }, '{"b":"ok"}'],
    ['@tool.S.t(c="@param.x", d=@config.CITY)', { x: 'ok' }, '{"c":"ok","d":"Paris"}'],
    [
      '@tool.S.t(values: [str] = ["@param.task_name","@param.task_date"])',
      { task_name: 'tea', task_date: '1 May' },
      '{"values":["tea","1 May"]}',
    ],
    ['@tool.notion.notion-fetch(id: str = "@config.page_id")', {}, 'page p-1'],
    ['@tool.my-server.tool()', {}, 'reached'],
    [
      '@tool.S.t(a: int = 5, b: str = "q", c: list = [1,2], f = 1.5, g: dict = {"k":1})',
      {},
      '{"a":5,"b":"q","c":[1,2],"f":1.5,"g":{"k":1}}',
    ],
    ["@tool.S.t(a='x', b='it\\'s')", {}, '{"a":"x","b":"it\'s"}'],
  ];
  for (const [template, params, expected] of rendered) {
    it(`${template} with ${JSON.stringify(params)} → ${JSON.stringify(expected)}`, async () =>
      assert.deepEqual(await render(template, params), expected));
  }

  const refused: [template: string, params: JsonObject, message: RegExp][] = [
    ['Hello @param.x!', {}, /No value for parameter “x”/],
    ['conf=@config.missing', {}, /Unknown configuration key “missing”/],
    ['confarg=@config.n', { n: 1 }, /Unknown configuration key “n”/],
    ['{{ undefined_var }}', {}, /No value for parameter “undefined_var”/],
    ['{{ 1/0 }}', {}, /“1\/0” is no name/],
    ['{{ x|upper }}', { x: 'a' }, /“x\|upper” is no name/],
    ['D @tool.vmcp.nope()', {}, /There is no tool “vmcp.nope”/],
    ['E @tool.vmcp.pt', {}, /@tool\(vmcp.pt\) failed: No value for parameter “x”/],
    [
      '@resource.srvA.cfg://settings and @resource.vmcp.nope.txt',
      {},
      /no resource “vmcp.nope.txt”/,
    ],
    ['@tool.S.t(city=London)', {}, /Put “London” in quotes/],
    ['@tool.S.t("1", b="2")', {}, /Arguments need names/],
  ];
  for (const [template, params, message] of refused) {
    it(`${template} with ${JSON.stringify(params)} is refused: ${message.source}`, async () =>
      assert.rejects(render(template, params), message));
  }

  it('give nothing for an optional parameter that is missing', async () => {
    assert.equal(await render('Hello @param.x!', {}, ['x']), 'Hello !');
    assert.equal(await render('Hello {{x}}{{param.x}}!', {}, ['x']), 'Hello !');
    assert.equal(await render('@param.x', {}, ['x']), null);
  });

  it('reach tools as prompts where the resolver does', async () => {
    const references = new TestItems({ 'vmcp.pt': ({ x }) => promptResult(`Hello ${x}!`) });
    const template = parseTemplate('S @prompt.vmcp.pt(x="1")');
    assert.equal(await renderTemplate(template, testScope({ references })), 'S Hello 1!');
  });

  it('keep the tags of Jinja as text, with a warning', async () => {
    const template = parseTemplate('{% if param.x %}yes{% endif %}');
    assert.deepEqual(
      template.problems.map(({ start, end, severity }) => [start, end, severity]),
      [
        [0, 2, 'warning'],
        [19, 21, 'warning'],
      ],
    );
    assert.equal(await renderTemplate(template, testScope()), '{% if param.x %}yes{% endif %}');
    assert.equal(await render('@tool(S.t, a="{% x %}")', {}), '{"a":"{% x %}"}');
    await assert.rejects(render(`${'{%'.repeat(200)} {{1/0}}`, {}), /“1\/0” is no name/);
  });
});
