import { strict as assert } from 'node:assert';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { parseTemplate } from '../../../src/server/template/parseTemplate.ts';
import { renderParts, renderTemplate } from '../../../src/server/template/renderTemplate.ts';
import { renderValue } from '../../../src/server/template/renderValue.ts';
import { TemplateError, UnresolvedError } from '../../../src/server/template/templateError.ts';
import {
  promptResult,
  resourceResult,
  type TestItem,
  TestItems,
  testScope,
  textResult,
} from './testScope.ts';

const params = {
  n: 3,
  yes: true,
  nothing: null,
  text: 'a "b"',
  list: [1, 'x'],
  rows: [{ name: 'Ada', tags: ['m', 'c'] }, { name: 'Bob' }],
  object: { inner: { deep: 7 }, zero: 0, empty: '' },
  evil: { config: { key: 'forged' }, param: { n: 'forged' } },
};
const config = { key: 'value', n: 'config' };

const image = { type: 'image', data: 'aW1n', mimeType: 'image/png' };
const echo: TestItem = (args) => textResult(JSON.stringify(args));

function render(text: string, more: Record<string, TestItem> = {}, scope: JsonObject = {}) {
  const references = new TestItems({ 's.echo': echo, ...more });
  return renderTemplate(parseTemplate(text), testScope({ params, config, references, ...scope }));
}

describe('Mustache in templates', () => {
  const cases: [string, JsonValue][] = [
    ['{{n}} {{param.n}} {{config.n}}', '3 3 config'],
    ['{{text}} {{{text}}} {{&text}}', 'a "b" a "b" a "b"'],
    ['{{object.inner.deep}} {{object.inner}} {{object.missing}}', '7 {"deep":7} '],
    ['{{list}} {{list.0}} {{nothing}}|{{yes}}', '[1,"x"] 1 |true'],
    ['{{n}}', 3],
    ['{{object}}', params.object],
    ['{{nothing}}', null],
    [' {{n}}', ' 3'],
    ['{{! a comment }}{{n}}', 3],
    ['{{#list}}[{{.}}]{{/list}}', '[1][x]'],
    [
      '{{#rows}}{{name}}:{{#tags}}{{.}}{{name}},{{/tags}}{{^tags}}-{{/tags}};{{/rows}}',
      'Ada:mAda,cAda,;Bob:-;',
    ],
    ['{{#rows}}{{n}}{{missing}}{{/rows}}', '33'],
    ['{{#object}}{{inner.deep}}{{#zero}}x{{/zero}}{{^empty}}y{{/empty}}{{/object}}', '7y'],
    ['{{#evil}}{{config.key}} {{param.n}}{{/evil}}', 'value 3'],
    ['{{#yes}}a{{/yes}}{{^yes}}b{{/yes}}{{#nobody}}c{{/nobody}}{{^nobody}}d{{/nobody}}', 'ad'],
    ['a\n  {{#yes}}  \n b\n  {{/yes}}\nc', 'a\n b\nc'],
    ['a\r\n{{! gone }}\r\nb {{n}}\r\n', 'a\r\nb 3\r\n'],
    ['{{#yes}}\n@param.n\n{{/yes}}', '3\n'],
    ['{{{{n}} {{{{{{n}} }} { {n} }', '{{n}} {{3 }} { {n} }'],
    ['{{n}}{ @param.n }', '3{ 3 }'],
    ['{{n}}{{{{{@param.n', '3{{{3'],
    ['\u00010 {{n}} \u0001', '\u00010 3 \u0001'],
  ];
  for (const [template, expected] of cases) {
    it(`${JSON.stringify(template)} → ${JSON.stringify(expected)}`, async () =>
      assert.deepEqual(await render(template), expected));
  }

  it('reaches own members only', async () => {
    const names = ['text.length', 'list.constructor', 'object.toString', 'n.constructor.name'];
    for (const name of [...names, 'object.__proto__', 'list.map', 'text.constructor.name']) {
      assert.equal(await render(`<{{${name}}}>`), '<>');
    }
    await assert.rejects(render('<{{toString}}>'), /parameter “toString”/);
    await assert.rejects(render('<{{__proto__.x}}>'), /parameter “__proto__”/);
  });

  it('has further names before the parameters', async () => {
    const context = { steps: { one: { items: [1] } }, n: null };
    assert.deepEqual(await render('{{steps.one.items}}', {}, { context }), [1]);
    assert.equal(await render('{{steps.two.items}}|{{n}}', {}, { context }), '|');
  });

  it('is not evaluated in sections that are not rendered, and once for each item in lists', async () => {
    const references = new TestItems({ 's.echo': echo });
    const template = parseTemplate(
      '{{#nobody}}@tool(s.echo, x="never") @param.unknown{{/nobody}}' +
        '{{#rows}}@tool(s.echo, name="{{name}}") {{/rows}}',
    );
    const output = await renderTemplate(template, testScope({ params, references }));
    assert.equal(output, '{"name":"Ada"} {"name":"Bob"} ');
    assert.deepEqual(references.asked, [
      'tool s.echo {"name":"Ada"}',
      'tool s.echo {"name":"Bob"}',
    ]);
  });

  it('stops where lists in lists would not end', async () => {
    const many = Array.from({ length: 200 }, () => 1);
    const deep = '{{#many}}{{#many}}{{#many}}{{#many}}x{{/many}}{{/many}}{{/many}}{{/many}}';
    const scope = testScope({ params: { many, long: 'y'.repeat(1024 * 1024) } });
    await assert.rejects(renderTemplate(parseTemplate(deep), scope), /1000000 repetitions/);
    const long = '{{#many}}{{long}}{{/many}}';
    await assert.rejects(renderTemplate(parseTemplate(long), scope), /longer than 16777216/);
    const references = new TestItems({ 's.t': () => textResult('y'.repeat(1024 * 1024)) });
    const big = parseTemplate('{{#many}}@tool(s.t){{/many}}');
    await assert.rejects(renderTemplate(big, { ...scope, references }), /longer than 16777216/);
    await assert.rejects(renderParts(big, { ...scope, references }), /longer than 16777216/);
  });
});

describe('Arguments of references', () => {
  const typed: [string, JsonValue][] = [
    ['a: int = "@param.n"', { a: 3 }],
    ['a: int = "5", b: int = 5.0, c: Optional[int] = null', { a: 5, b: 5, c: null }],
    ['a: float = " 1.5", b: number = 2', { a: 1.5, b: 2 }],
    ['a: str = @param.n, b: "string" = [1]', { a: '3', b: '[1]' }],
    ['a: bool = "True", b: bool | None = false', { a: true, b: false }],
    ['a: list[int] = "[1,2]", b: list = @param.list', { a: [1, 2], b: [1, 'x'] }],
    [
      'a: dict = "{\\"k\\": 1}", b: dict[str, int] = {"k": "@param.n"}',
      { a: { k: 1 }, b: { k: 3 } },
    ],
    ['a: Literal["x", "y"] = "z", b: [str] = 1', { a: 'z', b: 1 }],
    [
      'a=@param.list, b="@param.list", c=" @param.list"',
      { a: [1, 'x'], b: [1, 'x'], c: ' [1,"x"]' },
    ],
    ['a=[@param.n, {"k": "{{n}}", "l": "n={{n}}"}]', { a: [3, { k: 3, l: 'n=3' }] }],
    ['a=@tool(s.echo, b="{{text}}")', { a: '{"b":"a \\"b\\""}' }],
    ['{"a": "@config.key", "b": "@@config.key"}', { a: 'value', b: '@config.key' }],
  ];
  for (const [args, expected] of typed) {
    it(`${args} → ${JSON.stringify(expected)}`, async () =>
      assert.equal(await render(`@tool(s.echo, ${args})`), JSON.stringify(expected)));
  }

  for (const args of [
    'a: int = "x"',
    'a: int = 1.5',
    'a: bool = 1',
    'a: list = "x"',
    'a: dict = [1]',
  ]) {
    it(`${args} is refused`, () =>
      assert.rejects(render(`@tool(s.echo, ${args})`), /Argument “a” must be/));
  }

  it('are not used before all of the text is known to be well', async () => {
    const references = new TestItems({ 's.echo': echo });
    const template = parseTemplate('@tool(s.echo) @param.unknown');
    await assert.rejects(renderTemplate(template, testScope({ references })), /“unknown”/);
    assert.deepEqual(references.asked, []);
  });
});

describe('References to tools, resources and prompts', () => {
  it('are evaluated at the same time, and equal ones once', async () => {
    let waiting = 0;
    let release = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const meet: TestItem = async ({ x }) => {
      waiting += 1;
      if (waiting === 3) release();
      await all;
      return textResult(`${x}`);
    };
    const text =
      '@tool(s.meet, x=1) @tool(s.meet, x=2) @tool.s.meet(x=1) @tool(s.meet, x={"b":1,"a":2}) @tool(s.meet, x={"a":2,"b":1})';
    const output = await render(text, { 's.meet': meet });
    assert.equal(output, '1 2 1 [object Object] [object Object]');
    assert.equal(waiting, 3);
  });

  it('are evaluated once for all strings of a value', async () => {
    const references = new TestItems({ 's.echo': echo });
    const value = { a: ['@tool(s.echo)', 'x @tool(s.echo)'], b: '@param.n', c: 1 };
    assert.deepEqual(await renderValue(value, testScope({ params, references })), {
      a: ['{}', 'x {}'],
      b: 3,
      c: 1,
    });
    assert.equal(references.asked.length, 1);
  });

  const results: [string, JsonObject, JsonValue, string | RegExp][] = [
    [
      'texts',
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      'a\nb',
      'a\nb',
    ],
    [
      'text beside structured content',
      { content: [{ type: 'text', text: '11' }], structuredContent: { result: 11 } },
      '11',
      '11',
    ],
    ['structured content', { content: [], structuredContent: { r: 1 } }, { r: 1 }, '{"r":1}'],
    ['nothing', { content: [] }, '', ''],
    ['an image', { content: [image] }, 'aW1n', /gives no text \(image\)/],
    ['two images', { content: [image, image] }, [image, image], /gives no text \(image\)/],
    ['text and an image', { content: [image, { type: 'text', text: 'a' }] }, 'a', 'a'],
    ['a link', { content: [{ type: 'resource_link', uri: 'x://y', name: 'y' }] }, 'x://y', 'x://y'],
    [
      'an embedded resource',
      { content: [{ type: 'resource', resource: { uri: 'x:', text: 't' } }] },
      't',
      't',
    ],
  ];
  for (const [what, result, whole, embedded] of results) {
    it(`to a tool that gives ${what}: as a whole and in a text`, async () => {
      const items = { 's.t': () => result };
      assert.deepEqual(await render('@tool(s.t)', items), whole);
      const text = render('<@tool(s.t)>', items);
      if (typeof embedded === 'string') assert.equal(await text, `<${embedded}>`);
      else await assert.rejects(text, embedded);
    });
  }

  it('to resources give their text, or base64 as a whole', async () => {
    const blob = { contents: [{ uri: 'x:', blob: 'aGk=', mimeType: 'image/png' }] };
    assert.equal(await render('@resource(s.b)', { 's.b': () => blob }), 'aGk=');
    assert.equal(await render('<@resource.s.t>', { 's.t': () => resourceResult('t') }), '<t>');
    await assert.rejects(render('<@resource(s.b)>', { 's.b': () => blob }), /no text \(resource\)/);
  });

  it('to resources may have a URI that is put together', async () => {
    const items = { 's.x://3/Ada': () => resourceResult('found') };
    assert.equal(await render('@resource(s.x://{{n}}/{{rows.0.name}})', items), 'found');
    const dotted = { 's.x://3': () => resourceResult('found') };
    assert.equal(await render('@resource.s.x://@param.n.', dotted), 'found.');
  });

  it('to prompts give the text of their messages', async () => {
    assert.equal(await render('<@prompt(s.p)>', { 's.p': () => promptResult('a', 'b') }), '<a\nb>');
  });

  it('become content blocks between texts', async () => {
    const blob = { uri: 'x:', blob: 'aGk=', mimeType: 'application/pdf' };
    const references = new TestItems({
      's.both': () => ({ content: [{ type: 'text', text: 'see' }, image] }),
      's.b': () => ({ contents: [blob, { uri: 'y:', text: 'T' }] }),
    });
    const template = parseTemplate('{{#yes}}A @tool(s.both) B{{/yes}} @resource(s.b)@param.n');
    assert.deepEqual(await renderParts(template, testScope({ params, references })), [
      { type: 'text', text: 'A see' },
      image,
      { type: 'text', text: ' B ' },
      { type: 'resource', resource: blob },
      { type: 'text', text: 'T3' },
    ]);
    const only = (text: string) =>
      renderParts(parseTemplate(text), testScope({ params, references }));
    assert.deepEqual(await only('@tool(s.both)'), [{ type: 'text', text: 'see' }, image]);
    assert.deepEqual(await only('@param.object'), [
      { type: 'text', text: JSON.stringify(params.object) },
    ]);
    assert.deepEqual(await only('@param.nothing'), []);
  });
});

describe('A reference that fails', () => {
  it('is an error that names it and says where it stands', async () => {
    const items = { 's.bad': () => ({ ...textResult('disk full'), isError: true }) };
    await assert.rejects(
      render('one\n  @tool(s.bad, x=1)', items),
      (error) =>
        error instanceof TemplateError &&
        error.message === '@tool(s.bad) failed: disk full' &&
        error.detail === 'template: line 2, column 3: @tool(s.bad, x=1)',
    );
  });

  it('ends the others', async () => {
    let ended = false;
    const items: Record<string, TestItem> = {
      's.slow': (_args, _trail, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended = true;
            reject(signal.reason);
          });
        }),
      's.bad': () => Promise.reject(new Error('no')),
    };
    await assert.rejects(render('@tool(s.slow) @tool(s.bad)', items), /@tool\(s.bad\) failed: no/);
    assert(ended);
  });

  it('is told as a failure of the item that holds it', async () => {
    const references = new TestItems({})
      .template('vmcp.a', '@tool(vmcp.b)')
      .template('vmcp.b', '@config.k');
    await assert.rejects(
      renderTemplate(parseTemplate('@tool(vmcp.a)'), testScope({ references })),
      (error) =>
        error instanceof TemplateError &&
        !(error instanceof UnresolvedError) &&
        error.message ===
          '@tool(vmcp.a) failed: @tool(vmcp.b) failed: Unknown configuration key “k”',
    );
  });

  it('is refused where nothing can be reached', async () => {
    const scope = testScope({ params });
    await assert.rejects(renderTemplate(parseTemplate('@tool(s.t)'), scope), /cannot be used here/);
  });

  it('stops what has no end: a cycle, depth, time, number', async () => {
    const references = new TestItems({
      's.never': () => new Promise<JsonObject>(() => {}),
      's.echo': echo,
    })
      .template('vmcp.a', 'x @tool(vmcp.b)')
      .template('vmcp.b', '@tool(vmcp.a)');
    for (let level = 1; level <= 9; level++) {
      references.template(
        `vmcp.level${level}`,
        level === 9 ? 'end' : `@tool(vmcp.level${level + 1})`,
      );
    }
    const numbers = Array.from({ length: 1001 }, (_, index) => index);
    const scope = testScope({ params: { numbers }, references });
    const run = (text: string, timeoutMs = 60_000) =>
      renderTemplate(parseTemplate(text), scope, { timeoutMs });
    await assert.rejects(run('@tool(vmcp.a)'), /Cycle: tool vmcp.a → tool vmcp.b → tool vmcp.a/);
    assert.equal(await run('@tool(vmcp.level2)'), 'end');
    await assert.rejects(run('@tool(vmcp.level1)'), /deeper than 8 levels: tool vmcp.level1 →/);
    await assert.rejects(run('@tool(s.never)', 20), /@tool\(s.never\) was not done after 0.02 s/);
    await assert.rejects(run('{{#numbers}}@tool(s.echo, x="{{.}}"){{/numbers}}'), /More than 1000/);
  });

  it('ends at once with the reason of whoever aborts', async () => {
    const abort = new AbortController();
    const never = () => {
      abort.abort(new Error('client gone'));
      return new Promise<JsonObject>(() => {});
    };
    await assert.rejects(
      render('@tool(s.n)', { 's.n': never }, { signal: abort.signal as never }),
      {
        message: 'client gone',
      },
    );
  });

  it('keeps secrets where the scope says so', async () => {
    const scope = testScope();
    const refuse = () => {
      throw new UnresolvedError('“k” is a secret', 'not for clients');
    };
    for (const text of ['@config.k', '@param.k', '{{config.k}}', '@tool(s.echo, a="@config.k")']) {
      const references = new TestItems({ 's.echo': echo });
      const template = parseTemplate(text);
      const closed = { ...scope, references, config: refuse, param: refuse };
      await assert.rejects(renderTemplate(template, closed), /“k” is a secret/);
    }
  });
});
