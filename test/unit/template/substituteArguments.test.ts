import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts';
import { parseTemplate } from '../../../src/server/template/parseTemplate.ts';
import {
  holdsReference,
  substituteArguments,
} from '../../../src/server/template/substituteArguments.ts';
import { TemplateError } from '../../../src/server/template/templateError.ts';

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
const lookUp = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
const scope = { param: lookUp, config: lookUp };
const render = (text: JsonValue) => substituteArguments({ a: text }, scope).a;

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
    it(`${JSON.stringify(template)} → ${JSON.stringify(expected)}`, () =>
      assert.deepEqual(render(template), expected));
  }

  it('are replaced at any depth, in values only', () => {
    assert.deepEqual(
      substituteArguments({ '@param:n': [{ x: '@param:n', y: [null, 1, '@@'] }] }, scope),
      { '@param:n': [{ x: 3, y: [null, 1, '@'] }] },
    );
  });

  it('that lead nowhere are an error which names them and their place', () => {
    for (const [text, what] of [
      ['a @config:missing', 'configuration key “missing”'],
      ['@param.toString', 'parameter “toString”'],
      ['@param:__proto__', 'parameter “__proto__”'],
    ]) {
      assert.throws(
        () => substituteArguments({ a: [{ b: text ?? '' }] }, scope),
        (error) =>
          error instanceof TemplateError &&
          error.message.includes(what ?? '') &&
          error.detail.startsWith('arguments.a[0].b:'),
      );
    }
  });

  it('keep a member called __proto__ a member', () => {
    const args = JSON.parse('{"__proto__": {"x": "@param:n"}}') as JsonObject;
    assert.equal(JSON.stringify(substituteArguments(args, scope)), '{"__proto__":{"x":3}}');
  });

  it('are not looked for too deep', () => {
    let deep: JsonValue = '@param:n';
    for (let depth = 0; depth < 200; depth++) deep = [deep];
    assert.throws(() => substituteArguments({ deep }, scope), /Nested deeper/);
  });

  it('are found in any value', () => {
    assert.equal(holdsReference({ a: [1, { b: 'x @config:y' }] }), true);
    assert.equal(holdsReference({ a: [1, { b: 'x@config:y @@param:z' }], '@param:n': 1 }), false);
  });
});

describe('Template parser', () => {
  it('gives any text back once its literals are joined and its @ doubled', () => {
    const text = fc.array(
      fc.constantFrom(
        '@',
        '@@',
        '@param',
        '@param:',
        '@config.a',
        'x',
        '.',
        ' ',
        ':',
        '@param:b',
        'é',
      ),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const source = parts.join('');
        const { nodes } = parseTemplate(source);
        for (const node of nodes) {
          if (node.kind !== 'literal') {
            assert.equal(source.slice(node.start, node.end), node.written);
          }
        }
        const escaped = nodes.map((node) =>
          node.kind === 'literal' ? node.text.replaceAll('@', '@@') : node.written,
        );
        const again = parseTemplate(escaped.join(''));
        assert.deepEqual(again.nodes.map(withoutPlace), nodes.map(withoutPlace));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads an escaped text as one literal, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { nodes } = parseTemplate(text.replaceAll('@', '@@'));
        assert.deepEqual(nodes, text === '' ? [] : [{ kind: 'literal', text }]);
      }),
    );
  });
});

function withoutPlace(node: ReturnType<typeof parseTemplate>['nodes'][number]) {
  return node.kind === 'literal' ? node : { kind: node.kind, name: node.name };
}
