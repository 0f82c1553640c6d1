import { strict as assert } from 'node:assert';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import {
  holdsReference,
  substituteArguments,
} from '../../../src/server/template/substituteArguments.ts';
import { TemplateError } from '../../../src/server/template/templateError.ts';
import { TestItems, testScope, textResult } from './testScope.ts';

const values: JsonObject = {
  name: 'Ada',
  n: 3,
  yes: true,
  nothing: null,
  list: [1, 'a'],
  object: { k: null },
  evil: '@config:name @@ {{ config.name }}',
  名: 'unicode',
};
const scope = testScope({ params: values, config: values });
const render = async (text: JsonValue) => (await substituteArguments({ a: text }, scope)).a;

describe('References in arguments', () => {
  const cases: [string, JsonValue][] = [
    ['plain', 'plain'],
    ['', ''],
    ['@param:name', 'Ada'],
    ['@param.name', 'Ada'],
    ['@config:name', 'Ada'],
    ['@config.name', 'Ada'],
    ['@param:n', 3],
    ['@param:yes', true],
    ['@param:nothing', null],
    ['@param:list', [1, 'a']],
    ['@param:object', { k: null }],
    ['@param:名', 'unicode'],
    ['n=@param:n yes=@param:yes', 'n=3 yes=true'],
    ['[@param:nothing]', '[]'],
    ['@param:list and @param:object', '[1,"a"] and {"k":null}'],
    ['Hello @param:name!', 'Hello Ada!'],
    [
      '(@param:name), @config:name; @param:name: @param:name? @param.name.',
      '(Ada), Ada; Ada: Ada? Ada.',
    ],
    ['@param.name.y', 'Ada.y'],
    ['@param:name@param:n', 'Ada3'],
    ['@param:name-@param:n', 'Ada-3'],
    ['me@config.com', 'me@config.com'],
    ['me@param.x and x@config.name.com', 'me@param.x and x@config.name.com'],
    ['é@param:name', 'é@param:name'],
    ['@param', '@param'],
    ['@param.', '@param.'],
    ['@param: name', '@param: name'],
    ['@params:name', '@params:name'],
    ['@Param:name', '@Param:name'],
    ['@tool("x") class Foo', '@tool("x") class Foo'],
    ['@', '@'],
    ['@@', '@'],
    ['@@param:name', '@param:name'],
    ['@@@param:name', '@Ada'],
    ['me@@@param:name', 'me@Ada'],
    ['@@@@', '@@'],
    ['{{ config.name }}', '{{ config.name }}'],
    ['@param:evil', '@config:name @@ {{ config.name }}'],
    ['<@param:evil>', '<@config:name @@ {{ config.name }}>'],
  ];
  for (const [template, expected] of cases) {
    it(`${JSON.stringify(template)} → ${JSON.stringify(expected)}`, async () =>
      assert.deepEqual(await render(template), expected));
  }

  it('are replaced at any depth, in values only', async () => {
    assert.deepEqual(
      await substituteArguments({ '@param:n': [{ x: '@param:n', y: [null, 1, '@@'] }] }, scope),
      { '@param:n': [{ x: 3, y: [null, 1, '@'] }] },
    );
  });

  it('that lead nowhere are an error which names them and their place', async () => {
    for (const [text, what] of [
      ['a @config:missing', 'configuration key “missing”'],
      ['@param.toString', 'parameter “toString”'],
      ['@param:__proto__', 'parameter “__proto__”'],
    ]) {
      await assert.rejects(
        substituteArguments({ a: [{ b: text ?? '' }] }, scope),
        (error) =>
          error instanceof TemplateError &&
          error.message.includes(what ?? '') &&
          error.detail.startsWith('arguments.a[0].b:'),
      );
    }
  });

  it('keep a member called __proto__ a member', async () => {
    const args = JSON.parse('{"__proto__": {"x": "@param:n"}}') as JsonObject;
    assert.equal(JSON.stringify(await substituteArguments(args, scope)), '{"__proto__":{"x":3}}');
  });

  it('are not looked for too deep', async () => {
    let deep: JsonValue = '@param:n';
    for (let depth = 0; depth < 200; depth++) deep = [deep];
    await assert.rejects(substituteArguments({ deep }, scope), /Nested deeper/);
  });

  it('are found in any value', () => {
    assert.equal(holdsReference({ a: [1, { b: 'x @config:y' }] }), true);
    assert.equal(holdsReference({ a: [1, { b: 'x@config:y @@param:z' }], '@param:n': 1 }), false);
  });
});

describe('References in the arguments of clients that do not know them', () => {
  const lenient = async (text: string) =>
    (await substituteArguments({ text }, scope, { lenient: true })).text;
  const cases: [string, JsonValue][] = [
    ['@param:n', 3],
    ['@config.name and @param.missing', 'Ada and @param.missing'],
    ['@config.missing', '@config.missing'],
    ['@tool(server.tool, a="@param.name") stays', '@tool(server.tool, a="@param.name") stays'],
    ['@tool.server.tool(broken @param.n', '@tool.server.tool(broken 3'],
    ['@@ -1,3 +1,4 @@ def f():', '@@ -1,3 +1,4 @@ def f():'],
    ['@@param.name', '@param.name'],
    ['@tool("x")\nclass Foo: # {{ param.name }}', '@tool("x")\nclass Foo: # {{ param.name }}'],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} → ${JSON.stringify(expected)}`, async () =>
      assert.deepEqual(await lenient(text), expected));
  }

  it('stay as a whole where something inside does not resolve, and are not called', async () => {
    const references = new TestItems({ 's.t': () => textResult('called') });
    const kept = [
      '@tool(s.t, a="@param.missing")',
      '@tool(s.t, a=@tool(s.unknown))',
      '@tool(s.t, a="x @tool(s.u, b=c)")',
    ];
    for (const text of kept) {
      const args = await substituteArguments({ text }, { ...scope, references }, { lenient: true });
      assert.equal(args.text, text);
    }
    assert.deepEqual(references.asked, ['tool s.unknown {}']);
    const called = { text: '<@tool(s.t, a="@param.name")>' };
    const args = await substituteArguments(called, { ...scope, references }, { lenient: true });
    assert.equal(args.text, '<called>');
  });
});
