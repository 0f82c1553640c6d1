import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/contract/json.ts';
import { parseTemplate } from '../../../src/server/template/parseTemplate.ts';
import { printTemplate } from '../../../src/server/template/printTemplate.ts';
import { renderTemplate } from '../../../src/server/template/renderTemplate.ts';
import { renderValue } from '../../../src/server/template/renderValue.ts';
import type { ReferenceResolver } from '../../../src/server/template/templateScope.ts';
import { plainTemplate } from './plainTemplate.ts';
import { promptResult, resourceResult, testScope, textResult } from './testScope.ts';

/** Bits of the language, whole and broken, and of what surrounds it. */
const bits = [
  ...[
    '@',
    '@@',
    '{',
    '{{',
    '{{{{',
    '}}',
    '}',
    '(',
    ')',
    '"',
    "'",
    '\\',
    ',',
    ':',
    '=',
    '.',
    ' ',
    '\n',
  ],
  ...[
    'x',
    'é',
    '7',
    '-',
    '_',
    '{%',
    '%}',
    'me@config.com',
    '@param',
    '@param.a',
    '@config:b',
    '@tool',
  ],
  ...[
    '@tool.s.t',
    '@tool(s.t',
    '@tool(s.t)',
    '@tool("x")',
    '@prompt.s.p()',
    '@resource.s.x://y(z)',
  ],
  ...[
    '@resource(s.u @param.a)',
    '@resource.x=1',
    '@tool.s.t(a=1)',
    '@tool(s.t, a: list[int] = [1, -0])',
  ],
  ...[
    '@tool(s.t, {"a": "@@b {{c}}", \'d\': None})',
    '@tool.s.t(a="x\\n\\"@param.a\\"", "b c"=@tool(u))',
  ],
  ...[
    '{{a}}',
    '{{{a}}}',
    '{{& a.b }}',
    '{{! c }}',
    '{{#a}}',
    '{{/a}}',
    '{{^a}}',
    '{{.}}',
    '{{#a}}{{b}}{{/a}}',
  ],
];
const source = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...bits) }, fc.string({ maxLength: 3 })))
  .map((parts) => parts.join(''));

/** Bits that make well-formed templates in any order. */
const sound = fc
  .array(
    fc.constantFrom(
      ...[
        'x',
        ' ',
        '\n',
        '@@',
        '{{{{',
        '}',
        '"',
        'é',
        'me@config.com',
        '@ ',
        '@param.a ',
        '@param:b,',
      ],
      ...[
        '@tool(s.echo, x=@param.a)',
        '@tool.s.echo(x: str = "«@param.b»{{a}}")',
        '@prompt(s.p, y="@param.a")',
      ],
      ...[
        '@resource(s.x://@param.a)',
        '@resource.s.x://y ',
        '@tool(s.echo, x=[@param.a, {"k": "{{b}}"}])',
      ],
      ...[
        '{{a}}',
        '{{{b}}}',
        '{{#list}}<{{.}}@param.a>{{/list}}',
        '{{#a}}{{b}}{{/a}}',
        '{{^no}}{{a}}{{/no}}',
      ],
      ...['{{#rows}}{{k}}@tool(s.echo, x="{{k}}"){{/rows}}', '\n  {{#a}}\n y\n {{/a}}\n'],
    ),
  )
  .map((parts) => parts.join(''));

/** Values that would do something if they were read as template, JSON, a pattern or an argument. */
const hostile = fc
  .array(
    fc.constantFrom(
      ...[
        '@param.b',
        '@config:b',
        '@tool(evil.run)',
        '@tool.evil.run()',
        '@resource(evil.x)',
        '@prompt.evil.x',
      ],
      ...[
        '{{b}}',
        '{{{b}}}',
        '{{#list}}',
        '{{/a}}',
        '{{> p}}',
        '{{=<% %>=}}',
        '{{{{',
        '@@',
        '{%',
        '$&',
        '$1',
      ],
      ...[
        '"',
        "'",
        '")',
        '\\',
        '\\"',
        ', x=1',
        '}',
        ']',
        '\n',
        '@',
        '{',
        '{{',
        '}}',
        '\u0001',
        '\u00010',
        'v',
      ],
    ),
    { minLength: 1 },
  )
  .map((parts) => parts.join(''));

describe('Any text as a template', () => {
  it('is parsed into pieces that stand where they say, without an exception', () => {
    fc.assert(
      fc.property(source, (text) => {
        for (const piece of parseTemplate(text).pieces) {
          if ('written' in piece) assert.equal(text.slice(piece.start, piece.end), piece.written);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same again after it was printed, and printing changes nothing any more', () => {
    let seen = 0;
    const check = (text: string) => {
      const template = parseTemplate(text);
      if (template.problems.some(({ severity }) => severity === 'error')) return;
      seen += 1;
      const printed = printTemplate(template);
      const again = parseTemplate(printed);
      assert.deepEqual(plainTemplate(again), plainTemplate(template));
      assert.deepEqual(again.problems.length, template.problems.length);
      assert.equal(printTemplate(again), printed);
    };
    fc.assert(fc.property(source, check), { numRuns: 2000 });
    fc.assert(fc.property(sound, check), { numRuns: 500 });
    assert(seen > 1000, `only ${seen} texts were well-formed`);
  });

  it('is only text once its @ and {{ are doubled', () => {
    fc.assert(
      fc.property(source, (text) => {
        const { pieces } = parseTemplate(text.replaceAll('@', '@@').replaceAll('{{', '{{{{'));
        assert.deepEqual(pieces, text === '' ? [] : [{ kind: 'text', text }]);
      }),
    );
  });
});

describe('Values put into a template', () => {
  /** What a template becomes, and what it asked for, with these values everywhere. */
  const render = async (text: string, a: string, b: string) => {
    const asked: string[] = [];
    const references: ReferenceResolver = {
      tool: async (name, { x }) => {
        asked.push(name);
        return textResult(`${leaves(x).join('')}|${b}`);
      },
      resource: async (uri) => {
        asked.push(uri.slice(0, 6));
        return resourceResult(uri === 's.x://y' ? b : a);
      },
      prompt: async (name, { y }) => {
        asked.push(name);
        return promptResult(`${y}`, a);
      },
    };
    const params = { a, b, list: [a, b], rows: [{ k: a }, { k: b }] };
    const scope = testScope({ params, config: { b }, references, optional: ['no'] });
    return { output: await renderTemplate(parseTemplate(text), scope), asked };
  };

  it('are never read as template, whatever they are and wherever they come from', async () => {
    await fc.assert(
      fc.asyncProperty(sound, hostile, hostile, async (text, a, b) => {
        fc.pre(a !== b);
        const put = (value: unknown) =>
          typeof value === 'string'
            ? value.replaceAll('≪A≫', () => a).replaceAll('≪B≫', () => b)
            : value;
        const neutral = await render(text, '≪A≫', '≪B≫');
        const real = await render(text, a, b);
        assert.equal(real.output, put(neutral.output));
        assert.deepEqual(real.asked, neutral.asked);
      }),
      { numRuns: 300 },
    );
  });

  it('are not read as template where they are members of values, and stay what they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const params = { value: value as JsonObject };
        assert.deepEqual(await renderValue(['@param.value'], testScope({ params })), [value]);
      }),
    );
  });
});

function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(leaves)
    : [value];
}
